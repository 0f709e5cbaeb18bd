// Package words is the stock of texts in six languages, all made up.
//
// It owns the texts (texts/*.txt, phrases with slots under headings), the styles
// they are written in, the spellings of the hashtags, and how sentences are put
// together so that two people rarely write the same by chance.
//
// It does not know who writes, or when.
package words
