// Package palette holds the colours and typefaces of the desk's pages and of the reports
// that are handed on, so that both look alike and their contrast is checked once. It owns
// nothing else of how they look.
package palette

import _ "embed"

// CSS sets the colours as custom properties of the root, in light and in dark.
//
//go:embed palette.css
var CSS string
