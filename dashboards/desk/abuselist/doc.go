// Package abuselist writes a finding as a list of accounts and links, as the abuse
// desks of platforms ask for it.
//
// It owns the columns and lines of the list, where platforms show an account, and that
// no cell is taken for a formula by a spreadsheet. Texts of posts are no part of it: a
// platform reads them where they stand.
//
// It decides neither who may have the list nor how it is sent (package desk does).
package abuselist
