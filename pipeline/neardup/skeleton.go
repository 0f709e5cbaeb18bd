package neardup

//go:generate go run skeleton_gen.go

// dropped in skeletonRows means that a character leaves nothing.
const dropped = 1

// skeleton returns the letter that stands for all that look like r, with its
// accents taken off, the ASCII digit for any digit, and 0 for a mark that can
// sit on letters of any script. r is a character of a folded text.
//
// The same is done to every word, whatever script it is of: Cyrillic words stay
// comparable to Cyrillic ones, and one letter of another script changes none.
// Where small and capital letter look like different Latin ones, the small one
// counts: a Greek capital Ν hidden in a Latin word is not found.
func skeleton(r rune) rune {
	if r > 0xFFFF {
		return r
	}
	switch s := skeletonRows[skeletonPages[r>>8]][r&0xFF]; s {
	case 0:
		return r
	case dropped:
		return 0
	default:
		return rune(s)
	}
}
