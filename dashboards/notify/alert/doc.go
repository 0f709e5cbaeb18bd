// Package alert decides what is worth telling people who are not looking: that
// coordinated activity begins, grows and ends in a campaign, that a source no
// longer sees a campaign and does so again, and that a budget is nearly used up.
//
// It owns the rules ([Book.Look]) and the memory of what was told already ([Book]),
// which is what a restart needs and holds no handle and no text. It is pure: it
// asks nobody, keeps nothing on disk and has no clock.
//
// # The rules
//
// A finding counts if it is firm or high, matches no declared action and nobody
// judged it wrong; the store leaves out the last. An early one never does, since it
// may be taken back.
//
// Activity begins in a campaign in which none went on, with a finding whose last
// evidence is at most two hours old (Fresh). That is longer than the half hour after
// which the desk says that it is over, because a finding may need an hour of silence
// until it is firm; the alert then says that it is over already. A finding that was
// told of begins it anew only by evidence half an hour later than what was told.
//
// It grows with a further finding, or when the coordinated share since it began is
// twice what was told last and five points above it; at most once in a quarter of an
// hour (Pause), and what comes between is in the next alert.
//
// It ends half an hour (Quiet) after the last evidence. What nobody sees leaves no
// evidence: while a source is lost that was there when it began, and for half an hour
// after, nothing ends, for a day (Patience) at most. If all its findings are gone for
// five minutes (Settled), because somebody judged them wrong or they were withdrawn,
// that is told instead.
//
// A source is lost to a campaign when it saw nothing of it for five minutes; a
// connection that breaks and comes back is no news. It is back when the gap is closed.
// Sampling, the time before a campaign was watched, and counting as configured are
// not losses.
//
// A budget is near when four fifths of the posts of the day or of the month are
// read, told once for each day and month, UTC.
package alert
