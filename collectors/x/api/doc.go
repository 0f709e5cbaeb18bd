// Package api is a client of X's API v2, as far as a collector needs it: the
// filtered stream and its rules, open connections, counts, recent search,
// look-up of posts, and usage.
//
// It owns the requests, the size of what it reads, the meaning of X's errors,
// and the rate limits that came with the last answer of each endpoint. Every
// error is a *collectors.Fault, or ctx's. It holds no token (its HTTP client
// sends one), reads no posts (package v2 does), tries nothing again (the
// supervisor does) and counts no money (package spend does).
package api
