// Package feed is the log between the collectors and the pipeline: a
// write-ahead log of batches and nothing more.
//
// It owns the way of a batch onto disk and back, the cursors of the sources, and
// what is removed when. It does not know the bytes that a batch is written in
// (package codec), how NATS keeps them (package stream) or what a post means,
// makes no decision on it, and keeps none once the pipeline has stored it.
//
// # What it promises
//
// A batch is safe once Publish or Flush returned: it is on disk, its cursor in
// the same message, so that posts and cursor cannot disagree. The log never
// drops what is not acknowledged: it has no age limit, and when it is full it
// refuses what is new. A source that was refused has no later batch accepted by
// the same Publisher, so no cursor ever covers a batch that is missing.
//
// Consume hands out messages in order, one at a time, and goes on only when the
// handler returned nil. Messages may come again after a crash, never out of
// order. They are removed once acknowledged, and never before the last cursor
// of their source is kept elsewhere.
//
// Sequences are handed out again if a log loses its tail. So a Position is a
// sequence together with the incarnation that published it, which is new, and
// higher, each time a log is opened.
//
// # What a crash costs
//
// Killed in any way (kill -9, out of memory, a panic), the process loses no
// batch that it was told is safe. Acknowledgements of the last moments may be
// lost: their messages come again.
//
// # What a power cut costs
//
// Nothing that was told to be safe, as long as the disk keeps its word: the
// embedded log syncs each message to disk before it answers. NATS would sync
// every two minutes only, and losing such a tail would leave log and cursor
// consistent, since the collector reads its cursor back from the log and asks
// its platform again. But not every platform still has what it sent two
// minutes ago, and a cursor kept for a trimmed batch could reach the disk later
// than the trimming. A batch holds up to thousands of posts and takes one sync,
// a few milliseconds at worst, so safety costs next to nothing here.
//
// Where the disk lies, the tail is lost: whole messages from the end, posts and
// cursor together. Open goes on with what is left, the sources read from older
// cursors, and what the pipeline had stored already is written over with the
// same.
//
// An external server syncs as it is configured to: sync_interval: always gives
// the same promise; three replicas survive the loss of one machine. The replicas
// of its streams are the operator's to set and are left alone.
package feed
