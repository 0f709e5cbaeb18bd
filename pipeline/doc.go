// Package pipeline joins the stages between the log and the store.
//
// It owns three loops. Ingest takes batches from the log in order, drops and
// counts what is no good post, matches the rest to campaigns and writes them
// together with what the sources say about their gaps; the log message is
// acknowledged only after that. Settle visits the campaigns whose hours were
// touched, looks for findings and changes in their posts and has the touched
// buckets recomputed. It visits those too whose findings silence alone may confirm
// or take back, and lets go of posts that a campaign keeps no longer. Evidence has what
// was received kept, for the campaigns that ask for it and before the message is
// acknowledged, and lets go of what may not be kept any longer.
//
// Findings and changes are a function of the stored posts and of the time, whatever
// crash or order brought these there, but for one thing: what was found stays when
// the posts under it are deleted after they came. A small campaign is read whole each
// time; of a large one the detector goes on with what comes (detect.go), and the
// whole is read when that has rested.
//
// It does not know how posts are collected, how they are matched (package
// campaign), what makes a finding (package coordination) or a change (package
// change), how rows look (package storage) or evidence is chained (package evidence).
package pipeline
