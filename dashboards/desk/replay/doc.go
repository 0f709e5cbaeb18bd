// Package replay shows a campaign as it was known at moments of its past, so that people
// can go through an attack again and learn from it.
//
// It owns which moments there are (at most [MaxMoments], evenly spaced), what was known at
// each, and the part of the page (replay.html) for it. A finding is known from the moment
// at which its evidence was enough; what answers the questions then follows from those
// that were known, by the rules of package answer.
//
// It is no recording. Posts are told as they are known today: those that came in later, or
// belong to a finding that was recognised later, count from the time at which they were
// posted. What was withdrawn since, or judged wrong by a person, is not there at all. The
// page says so.
//
// Everything is in the page that is sent: it works without a script by asking for each
// moment, and with one (replay.js) it plays. Times and numbers are written by the template.
package replay
