// Package feed is the log between the collectors and the pipeline: a
// write-ahead log of batches and nothing more.
package feed
