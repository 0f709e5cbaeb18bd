// Package table writes what is in an export as tables: the posts, accounts and objects of
// a finding and what its bits are made of, each as CSV, as Parquet and as JSON lines.
//
// It owns the columns, and how a value is written in each format. The same dataset gives
// the same bytes. What may be told is decided before: see package export.
//
// The columns of the posts begin with object_id, account_id, content_id and
// timestamp_share (seconds since 1970), which is what CooRTweet reads
// (https://github.com/nicolarighetti/CooRTweet), so that a finding can be found again
// there; those after them have the names that Winnow's own archives have (package
// collectors/archive/table). A post has a row for each object that it carried. An object's
// id is its kind, a colon and its id within that kind, the same in every table.
//
// The three formats differ in what they leave of a value:
//
//   - JSON lines and Parquet have every value as it is; what is not valid UTF-8 becomes
//     U+FFFD.
//   - CSV is that of RFC 4180 in UTF-8, without a byte order mark, and with a line feed
//     alone behind each row: so line ends within a text stay as they were. A text or id that
//     a spreadsheet could take for a formula, and one that begins with an apostrophe, has an
//     apostrophe before it; numbers, times and the usual ids never do. Who reads a CSV file
//     with a program takes one apostrophe off each cell that begins with one. Lists are
//     divided by blanks, signals by semicolons; NUL becomes U+FFFD, and what is not known is
//     empty.
//
// Spreadsheets round whole numbers of more than 15 digits, such as ids of X: columns of
// ids must be opened as text.
package table
