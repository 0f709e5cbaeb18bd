// Package spend keeps what is read from X within what the operator allows.
//
// X charges for each post that it hands over, whether by the stream, a search
// or a look-up, and for each request for counts as much as for a post; the
// same post twice in a day, UTC, is charged once. The Guard meters that,
// foresees what the day and the month will come to, and says what share of the
// posts may be read: all, a sample, or none until midnight or the first of the
// month.
//
// # What it foresees
//
// A burst is taken to last for one more hour, and then to be over:
//
//	foreseen = spent + fast * min(left, 1h) + slow * max(0, left - 1h)
//
// with fast the rate of the last five minutes of reading, slow that of the
// last 24 hours in which there was reading, and left the time until midnight or the first of
// the month. Both rates are of what there is to read: while a sample is read,
// each post stands for as many as it represents.
//
// # What it decides
//
// Of each limit a tenth is kept for look-ups, and a margin for what still
// comes in the 20 seconds that X needs to change a rule (and the time between
// two decisions): a tenth of the limit, or what the highest rate of the last
// minute brings in that time if that is more, at most half the limit and at
// most what X delivers at most, 250 posts a second. What is left after these,
// divided by what is foreseen, is the share that could be read; the Guard takes
// the next lower of a few steps, which are those of X's operator "sample:".
// Because the share is decided again and again from what is left, the money
// runs out ever more slowly and not at all, except in a burst of seconds:
// when only the margin is left, reading pauses. So more than the limit is
// spent only if more than a tenth of it comes within the reaction time, and
// never if the limit is above 75,000 posts.
//
// The share goes down at once and up again only after ten minutes, and only if
// there is room for a quarter more, so that it does not swing.
//
// The package is pure: it asks nobody, keeps nothing on disk and has no clock.
package spend
