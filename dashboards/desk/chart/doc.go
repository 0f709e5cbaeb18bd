// Package chart draws numbers over time as SVG, on the server.
//
// It owns the geometry (stacked columns, the axes and their round labels, the
// lane of marks on top, hatched stretches of time behind, areas that tell a
// bucket's numbers under the pointer, what comes after a moment drawn faint) and the
// template that writes it down (chart.html), which takes a [Chart] and uses no
// function, no script and no style of its own: colours are classes of whoever shows
// the picture.
//
// For a script that lets readers choose a stretch of the plot (brush.js of package
// desk) it says in data attributes where the plot lies and what its buckets are, and
// has the element that the keyboard does the same with (brush.html, in the words of
// the pages).
//
// It does not know what the numbers mean: titles, descriptions and lines come
// with the [Spec].
package chart

import "embed"

// Files holds chart.html and brush.html, which define the templates "chart" and "brush"
// for a [Chart].
//
//go:embed chart.html brush.html
var Files embed.FS
