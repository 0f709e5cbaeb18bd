// Package alerts shows who is told of attacks outside the pages, and lets admins try it.
//
// It owns the page (alerts.html): which receivers there are, by which kind of channel and
// server, in which hours and how often, how it went last; the form that sends one of them a
// test, how often that may be done, its place in the audit log, and what is told of its
// outcome.
//
// It sends nothing itself and knows no address, token or proxy: what it is given holds
// none ([Source]). What is told when is package notify's.
package alerts
