// Package neardup tells which texts are copies of one another although they
// differ: in links, mentions, emoji, marks, case, accents, invisible characters,
// letters that look alike, hashtags around them, a phrase before or behind, a
// cut end, or a few words.
//
// It owns what is compared of a text (Sketch), the rule by which two texts are
// copies, and the clusters of copies that are known at a time (Index). It knows
// no posts and accounts, and does not say what a cluster means.
//
// # Method
//
// A text is folded (package fold), letters that look alike become one
// (skeleton.go), and each word becomes a hash; in scripts without blanks, each
// two or three characters in a row do. A cluster is a founding text and what
// copies it. A text is compared with founding texts alone, so that clusters
// do not drift, and a million copies cost the same each as ten.
//
// Founding texts are found by pairs of words in a row (w-shingling, Broder
// 1997). Where Broder keeps the least hashes, and Schleimer, Wilkerson and Aiken
// (2003, winnowing) the least in each window, an index of the founding texts
// alone can keep the eight pairs that are rarest in it; a text is looked up
// under all of its pairs. The 16 founding texts that share most pairs (two at
// least, for a text of 16 words or more) are then
// compared word by word: the longest common subsequence (Hyyrö 2004, bit-parallel)
// takes the place of Broder's resemblance and containment, as shingles of short
// texts go with every word that is replaced.
//
// Two texts are copies if
//
//   - their words are the same, or
//   - at least five words of both stand in the same order, these are 57 % or
//     more of the longer text, and all of the shorter one; in texts of eight
//     words or more, one in five of the shorter text may be another word; and
//   - below twelve words, the numbers of one are all in the other, in the same
//     order: "day 3, talk 4" is not "day 3, talk 5". In longer texts a number is
//     a word like others, so that a counter does not hide a copy.
//
// In scripts without blanks, where a replaced character costs two or three
// tokens: eight tokens, 52 % of the longer and 62 % of the shorter text.
//
// Hashtags, links and mentions before the first and behind the last word do not
// count; tags within a sentence are its words.
//
// Letters that look alike are from Unicode Technical Standard #39; 0 and 1
// within a word are o and l, and i is l.
//
// # Bounds
//
// A founding text of 20 words costs about 350 bytes, the longest 800; see
// BenchmarkClusters. The 131,072 clusters of the default limits take some 45
// MB. When the limit is reached, or after 48 hours without a copy, a
// cluster is forgotten, the least recently used first: the next copy founds a
// new one, with a new id unless its words are the founding text's own. Of a
// text 64 KiB are read and the first 128 tokens compared. A text's pairs give
// no more than eight founding texts each.
//
// Ids are from a cryptographic hash. Those of words are not: a text of nonsense
// can be made that passes for a copy of a given text. Whoever would do that can
// as well copy it.
//
// # What it does not see
//
// Translations and paraphrases; two copies that each lack another part of the
// founding text, if neither resembles what founded the cluster; texts below five
// words with any word more or less, and below eight with one replaced; letters
// replaced by digits other than 0 and 1, or left out; words torn apart
// ("f r e e"); Greek capitals in Latin words whose small letter looks different
// (Η, Ν, Υ, Μ). A template with few blanks to fill in, such as an event's "Now on
// stage: ...", gives copies, and common phrases of five words or more do: how
// likely it is that somebody else wrote the same is for the caller to weigh, and
// Words helps.
package neardup
