// Package access lets people into the desk: log-in, sessions and log-out; and
// programs to its JSON API: tokens.
//
// It owns who is let in and for how long, and where a request really comes from
// behind a proxy. [Door] holds it all; [Door.Protect] stands in front of pages and
// knows no tokens, [Door.API] in front of what programs read. [Of] tells a page who asks
// for it, and [May] whether they may do what it does.
//
// Sessions are kept in memory: a restart ends them, and so does any change to
// their user. A browser holds a random id of 256 bits; only its hash is kept.
//
// It draws no page (whoever makes the door gives it one to show). Passwords and
// roles are package user's, tokens package token's, how often somebody may try is package throttle's, what
// is written about it package audit's. Which host names and which other sites are
// answered is decided in front of it, by package guard.
package access
