// Package witness shows the heads of evidence to others, so that its owner cannot write
// a chain anew without being found out.
//
// It owns when a head is shown to whom, what is sent, and how the answer of a time
// stamping authority (RFC 3161) is asked for and checked. Where to the messages of people
// go, and over which network, is handed in; that a head was shown the store of evidence
// writes down, and reading that back is how this package knows what is due.
//
// What leaves is a head and nothing more, to an authority only its hash; to people the
// name of the campaign and when its last record came besides.
package witness
