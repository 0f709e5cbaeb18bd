// Package throttle says how often a log-in, or a token, may be tried.
//
// It owns the paces, by address and by name, and their bounded memory. It does not
// know whether a name exists, and treats those that do not as those that do; it
// looks at no password.
package throttle
