// Package words tells numbers, times and kinds in words that people under
// pressure read once: "12,345 posts", "3 hours ago", "about once in a million".
//
// It owns the rounding (a share that is not quite nothing is never "0%"), the
// units, the names of kinds and platforms, and how much of a text is shown. All
// times are told in their own zone, which is named with them. [Funcs] hands the words
// to templates, in the zone of their readers.
//
// It escapes nothing: html/template does.
package words
