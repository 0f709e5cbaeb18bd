// Package desk is the built-in set of pages: what Winnow knows, for people who
// are not engineers and are under pressure.
//
// It owns the pages (one Go file and one template each): what stands on them and
// in which order. Everything that a page needs is embedded; nothing is fetched
// from anywhere else, and nothing needs JavaScript: live.js only asks for the parts of a
// page again when package live says that there is something new, brush.js fills in a range
// by dragging over a chart, and replay.js shows the moments of a replay one after the
// other; draft.js tells how hashtags fold while somebody writes them. The charts of a campaign are made by
// package timeline and drawn by package chart, numbers are told by package words, what was seen and what not
// by package coverage, what changed by package changed, the time shown is read by package
// window. Of a finding, package judge asks for people's verdict, strip draws when its
// posts came, network who is joined to whom, texts sets wordings side by side, and
// abuselist writes the list for platforms. Package people tells of those who were turned
// on, alerts who is told outside the pages. Campaigns are made and changed in the pages of
// package draft; package report writes what is known of a campaign into a file. Package guard stands in front of everything,
// and behind it package access, which lets people in. What follows from the numbers is package answer's, which the
// JSON API of package api takes it from too.
//
// Times are told in the operator's zone or, for who asks for it, in UTC, and all words in
// the reader's language, from package catalogue: the templates are there once for each.
//
// It does not query the store (package view does, behind [Store]), does not
// decide what is coordinated (package coordination does) or what a verdict changes
// (package storage does, behind [Judger]), and does not listen
// on a port: [New] returns a handler, and whoever starts it gives it a server
// with its own read and write timeouts.
//
// All text that comes from posts, accounts and configuration is escaped by
// html/template; the package makes no template.HTML at all, and what stands in messages is
// escaped by package catalogue. Such text stands in bdi elements or under dir="auto", since it is as often Arabic as English.
package desk
