// Package evidence keeps the posts of campaigns as they were received, chained, so that
// whoever is handed some of them can tell whether anything was changed since.
//
// It owns the folder "evidence" of a data directory: that what Append was told to keep is
// on disk when it returns, once, whatever crashes; what is left there after a crash; how
// records are read, erased and checked again. The text of the chain is package chain's,
// the form of the records package content's. What is to be kept, and until when, others
// decide; the working copy of a post, which pages and the detector read, is the store's
// and has nothing to do with this one.
//
// # The folder
//
// Each campaign has a folder of its own, named after a hash since a campaign may have any
// name, with the modes 0700 and 0600:
//
//	campaign         whose it is, and a random number; its hash names the chain
//	heads            a line for each closed segment
//	000001.chain     a segment: a line for each record
//	000001.content   the records of that segment, each with its salt
//	witness/log      to whom heads were shown
//	witness/1.tsr    what a witness answered
//
// All but the content is only ever appended to. Content is written over as a whole where
// records are erased, which leaves the chain as it is. A segment is closed before the
// append that finds it full, so it may hold a little more than it should.
//
// # What a crash leaves
//
// Content reaches the disk before the lines of the chain that commit to it. So a crash
// leaves either a block of content that is cut off, which was promised to nobody and is
// taken away, or whole content without all of its lines, which are computed from it. Open
// does both. Whatever else it finds wrong is damage: it says where, and keeps nothing
// for that data directory before a person has looked.
package evidence
