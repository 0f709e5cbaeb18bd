// Package desk is the built-in set of pages: what Winnow knows, for people who
// are not engineers and are under pressure.
//
// It owns which pages there are and what stands on them, in which order: a Go file and a
// template each. Package frame puts them together, in the reader's language and zone, and
// has what is common to all. Everything that a page needs is embedded; nothing is fetched
// from anywhere else, and nothing needs JavaScript: live.js only asks for the parts of a
// page again when package live says that there is something new, brush.js fills in a range
// by dragging over a chart, replay.js shows the moments of a replay one after the other,
// and draft.js tells how hashtags fold while somebody writes them.
//
// What is larger has a package of its own below this one:
//
//   - a campaign over time: timeline, drawn by chart, for the time that window reads; what
//     was seen and what not: coverage; what changed: changed
//   - a finding: finding shows it, judge asks for people's verdict, strip draws when its posts
//     came, network who is joined to whom, texts sets wordings side by side, abuselist writes
//     the list for platforms
//   - people tells of those who were turned on, replay of what was known when, alerts of
//     who is told outside the pages; campaigns are made and changed in draft, and report
//     writes what is known of one into a file
//   - guard stands in front of everything, and behind it access, which lets people in
//   - what follows from the numbers is answer's, which the JSON API of package api takes
//     it from too; numbers are told by words, in the languages of catalogue; palette has the
//     colours
//
// It does not query the store (package view does, behind [Store]), does not
// decide what is coordinated (package coordination does) or what a verdict changes
// (package storage does, behind [finding.Judger]), and does not listen
// on a port: [New] returns a handler, and whoever starts it gives it a server
// with its own read and write timeouts.
//
// All text that comes from posts, accounts and configuration is escaped by
// html/template; the package makes no template.HTML at all, and what stands in messages is
// escaped by package catalogue. Such text stands in bdi elements or under dir="auto",
// since it is as often Arabic as English.
package desk
