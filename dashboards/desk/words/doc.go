// Package words tells numbers, times and kinds in words that people under
// pressure read once: "12,345 posts", "3 hours ago", "about once in a million".
//
// It owns the rounding (a share that is not quite nothing is never "0%"), the
// units, the names of kinds and platforms, and how much of a text is shown. A [Teller]
// tells them in one language, and times in one zone, which is named with them;
// [Teller.Funcs] hands all of it to templates. Package catalogue owns the languages.
//
// It escapes nothing, save what goes into a message with markup: html/template does.
package words
