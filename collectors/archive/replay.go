package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/input"
	"winnow/pipeline/feed"
)

// Log is where posts go and where the cursor of a source is kept.
type Log interface {
	// Publish returns when the batch is safe.
	Publish(ctx context.Context, b feed.Batch) error
	// Cursor returns the cursor of the last batch of a source.
	Cursor(ctx context.Context, source string) (cursor []byte, ok bool, err error)
}

// Options are the choices of a replay. The zero value recognises the format
// and writes rejects to the working directory.
type Options struct {
	// Format names the format; "" recognises it.
	Format format.Name
	// Columns maps our column names to those of a table; see table.ColumnNames.
	Columns map[string]string
	// Campaign is for posts that name none; "" takes the file's name without
	// its extensions, "stdin" for standard input.
	Campaign string
	// BatchPosts is the number of posts and deletions after which a batch is
	// cut, 5000 if zero. A record is never divided.
	BatchPosts int
	// RejectDir is where the reject file is written, under the archive's name
	// and ".rejects.jsonl".
	RejectDir string
	// Evidence has each post carry the record that it came in: the line, the
	// table's row without its header, the element of a JSON array or, of a page
	// of X v2, the post's element of its data. Their Query is the file's name.
	Evidence bool
	// Again replays a file although it was replayed before, from its start.
	Again bool
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Progress is told now and then, never twice at a time; may be nil.
	Progress func(Progress)
}

// Stage says what a replay is doing.
type Stage string

// The stages of a replay, in order. Waiting means that the log is full and the
// replay goes on when the pipeline has caught up.
const (
	Hashing   Stage = "hashing"
	Replaying Stage = "replaying"
	Waiting   Stage = "waiting"
)

// Progress is where a replay stands.
type Progress struct {
	Stage Stage
	// Bytes of TotalBytes of the file as it lies on disk, in this stage.
	Bytes, TotalBytes int64
	// Lines counts records: lines, table rows, elements of a JSON array.
	Lines, Posts, Rejected int64
}

// Report is the outcome of a replay. Counts are totals over the archive, what
// earlier runs did included.
type Report struct {
	// Source names the file in the log.
	Source   string
	Campaign string
	Format   format.Name
	// Lines counts records: lines, table rows, elements of a JSON array.
	Lines     int64
	Posts     int64
	Deletions int64
	// Ignored counts by kind what is understood and deliberately no post.
	Ignored map[string]int64
	// Rejected counts by reason what could not be used.
	Rejected map[string]int64
	// Finished means that the archive is in the log to its end; AlreadyDone
	// that it was before this run.
	Finished    bool
	AlreadyDone bool
	// Resumed means that an earlier run was continued.
	Resumed bool
	// RejectFile is where rejects were written, "" if there are none.
	RejectFile string
}

// RejectedTotal is the number of rejects of all reasons.
func (r *Report) RejectedTotal() int64 { return total(r.Rejected) }

// Replay publishes the posts of the file at path to log; "-" is standard input.
//
// When ctx ends, Replay returns after the batch at hand with the report of what
// is done and the cause. Another call with the same file goes on from there. A
// full log is waited for. The error is format.ErrNothingReadable if the file is no
// archive, *table.ColumnsError if a table lacks columns.
func Replay(ctx context.Context, path string, log Log, o Options) (Report, error) {
	o.defaults()
	r := &replay{log: log, o: o, name: input.Name(path)}
	err := r.run(ctx, path)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return r.report(), err
}

func (o *Options) defaults() {
	if o.BatchPosts <= 0 {
		o.BatchPosts = 5000
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}

// replay is one call of Replay.
type replay struct {
	log  Log
	o    Options
	name string // of the file, for messages and the reject file

	src     *input.File
	source  string
	format  format.Name
	state   state // of the last batch that is safe
	resumed bool
	already bool
	rejects rejectFile
}

func (r *replay) run(ctx context.Context, path string) error {
	src, err := input.Open(ctx, path, r.o.Stdin)
	if err != nil {
		return err
	}
	defer src.Close()
	r.src = src
	sum, err := src.Hash(ctx, func(n int64) {
		r.o.Progress(Progress{Stage: Hashing, Bytes: n, TotalBytes: src.Size()})
	})
	if err != nil {
		return err
	}
	r.source = "archive/" + sum
	before, err := r.before(ctx)
	if err != nil {
		return err
	}
	r.format = before.Format
	if before.Done && !r.o.Again {
		r.already, r.state = true, before
		return nil
	}
	shape, err := format.Recognise(src, format.Hints{Format: r.o.Format, Columns: r.o.Columns})
	if err != nil {
		return fmt.Errorf("replay %s: %w", r.name, err)
	}
	r.format = shape.Format
	r.state = newState(shape)
	if !r.o.Again && before.Record > 0 && before.sameShape(r.state) {
		r.state, r.resumed = before, true
	}
	if err := r.rejects.open(r.rejectPath(), r.state.Record); err != nil {
		return err
	}
	if err := r.pump(ctx, shape); err != nil {
		return errors.Join(err, r.rejects.close())
	}
	return r.rejects.close()
}

// before reads the state in which an earlier run left this file.
func (r *replay) before(ctx context.Context) (state, error) {
	cursor, ok, err := r.log.Cursor(ctx, r.source)
	if err != nil {
		return state{}, fmt.Errorf("look up how far %s was replayed: %w", r.name, err)
	}
	if !ok {
		return state{}, nil
	}
	s, err := parseState(cursor)
	if err != nil && !r.o.Again {
		return state{}, fmt.Errorf("read how far %s was replayed: %w; replay it from its start with --again", r.name, err)
	}
	return s, nil
}

func (r *replay) rejectPath() string {
	return filepath.Join(r.o.RejectDir, r.name+".rejects.jsonl")
}

func (r *replay) campaign() string {
	if r.o.Campaign != "" {
		return r.o.Campaign
	}
	return input.Stem(r.name)
}

func (r *replay) report() Report {
	rep := Report{
		Source:      r.source,
		Campaign:    r.campaign(),
		Format:      r.format,
		Lines:       r.state.Record,
		Posts:       r.state.Posts,
		Deletions:   r.state.Deletions,
		Ignored:     r.state.Ignored,
		Rejected:    r.state.Rejected,
		Finished:    r.state.Done,
		AlreadyDone: r.already,
		Resumed:     r.resumed,
	}
	if rep.RejectedTotal() > 0 {
		rep.RejectFile = r.rejectPath()
	}
	return rep
}
