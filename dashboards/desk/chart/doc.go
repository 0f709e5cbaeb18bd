// Package chart draws numbers over time as SVG, on the server.
//
// It owns the geometry (stacked columns, the axes and their round labels, the
// lane of marks on top, hatched stretches of time behind, areas that tell a
// bucket's numbers under the pointer) and the template that writes it down
// (chart.html), which takes a [Chart] and uses no function, no script and no
// style of its own: colours are classes of whoever shows the picture.
//
// It does not know what the numbers mean: titles, descriptions and lines come
// with the [Spec].
package chart

import "embed"

// Files holds chart.html, which defines the template "chart" for a [Chart].
//
//go:embed chart.html
var Files embed.FS
