// Package dial makes the HTTP clients of live sources, and of whoever else reaches out
// as they do; and connections for what is no HTTP.
//
// It owns how a source reaches its platform: through which proxy, within which
// times, to which addresses (never into a private network unless that is
// meant), after which redirects (none that leave the origin), and which
// requests carry a token (none that leave its origin).
//
// It does not know what is asked or answered: retries, limits of rate and the
// meaning of a status belong to the sources and to package collectors.
package dial
