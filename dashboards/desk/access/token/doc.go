// Package token knows which programs may read the JSON API: names, roles and tokens.
//
// It owns the file of tokens, how a token is made, how long it is good for, and how
// one is told from another. The file stands beside that of the users and has one line
// a token, "name role made until hash"; package private keeps it.
//
// A token is 256 random bits, so that nobody can guess it, and its SHA-256 is enough to
// keep: a slow hash, as for passwords, would guard nothing more. It is shown once, when
// it is made.
//
// It knows nothing of requests: package access does.
package token
