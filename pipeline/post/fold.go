package post

import "strings"

// FoldText returns text in the form by which texts are compared.
func FoldText(text string) string { return strings.ToLower(text) }
