// Package pipeline joins the stages between the log and the store.
//
// It owns two loops. Ingest takes batches from the log in order, drops and
// counts what is no good post, matches the rest to campaigns and writes them
// together with what the sources say about their gaps; the log message is
// acknowledged only after that. Settle visits the campaigns whose hours were
// touched, looks for findings and changes in their stored posts and has the
// touched buckets recomputed: all of them are a function of what is stored and
// of the time, whatever crash or order brought it there. It visits those too
// whose findings silence alone may confirm or take back.
//
// It does not know how posts are collected, how they are matched (package
// campaign), what makes a finding (package coordination) or a change (package
// change) or how rows look (package storage).
package pipeline
