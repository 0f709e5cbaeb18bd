// Package grid draws the settings of whole stories from one seed each, so that a
// detector can be measured on stories that nobody chose.
//
// It owns the spread of the settings: how large a campaign is, where its people
// live, which attacks there are, how many, how large, how fast, in which
// language and by how many accounts with a past, and which organic moments look
// like them. The seeds from 1 on walk through sizes, languages and ages in
// steps that have no common divisor, so that 8 seeds see every size, and 280
// every combination of the three; all else is drawn.
//
// It does not make posts: package scenario tells the stories.
package grid
