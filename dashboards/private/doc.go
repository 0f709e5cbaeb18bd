// Package private keeps small files that are for their owner alone: who may do what
// in the desk, and what people were told.
//
// It owns that such a file is replaced as a whole, survives a crash as the old or the
// new one, and belongs to whom it belonged before; and for files of lines that it can
// be written by its owner alone, is bounded, and is changed under a lock. Who changes
// it, and what is in it, is for packages user, token and notify.
package private
