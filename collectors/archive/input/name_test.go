package input

import "testing"

func TestStem(t *testing.T) {
	for name, want := range map[string]string{
		"organic.csv.gz": "organic", "x_v1.1_june.jsonl": "x_v1.1_june", "A.JSON.ZST": "A", ".csv": ".csv", "stdin": "stdin", "a.b": "a.b",
	} {
		if got := Stem(name); got != want {
			t.Errorf("Stem(%q) = %q, want %q", name, got, want)
		}
	}
}
