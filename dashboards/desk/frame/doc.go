// Package frame is what all pages have in common: the layout with its head and foot, the
// style sheets and scripts, the language and the zone in which a reader is told things, how
// the process is, and the pages for what went wrong and for logging in.
//
// It owns how a page is put together and sent: made in memory first, in the language that
// the reader chose or the browser asks for, with times in the operator's zone or in UTC.
// What stands on a page, and its template, is the business of whoever shows it: [Options]
// takes them. It reads no store.
package frame
