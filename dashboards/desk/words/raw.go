package words

// Bound cuts a text to what is shown of one at most, and says whether anything was
// cut: a single post may hold 250,000 bytes.
func Bound(s string) (text string, cut bool) {
	if len(s) <= longText {
		return s, false
	}
	runes := []rune(s)
	if len(runes) <= longText {
		return s, false
	}
	return string(runes[:longText]), true
}

// Link returns an address from a post if it is one that a browser should open, and
// else "".
func Link(raw string) string {
	if to := external(raw); to != nil {
		return to.Href
	}
	return ""
}
