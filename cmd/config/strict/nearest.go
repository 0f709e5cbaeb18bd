package strict

import "strings"

// nearest returns the word that a mistyped one was likely meant to be, or "".
func nearest(word string, known []string) string {
	best, least := "", 3 // at most two wrong letters
	word = strings.ToLower(strings.ReplaceAll(word, "-", "_"))
	for _, k := range known {
		if n := distance(word, k); n < least && n < len(k) {
			best, least = k, n
		}
	}
	return best
}

// distance counts the letters to add, remove, change or swap with their
// neighbour to turn a into b (optimal string alignment). Words far longer than
// any key are as far away as they are longer.
func distance(a, b string) int {
	if len(a) > len(b)+3 {
		return len(a) - len(b)
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
