package collection

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"winnow/collectors/archive/format"
	"winnow/collectors/archive/input"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// Options are the choices of Load. The zero value recognises the format.
type Options struct {
	// Format names the format; "" recognises it.
	Format format.Name
	// Columns maps our column names to those of a table; see table.ColumnNames.
	Columns map[string]string
	// Stdin is read for the path "-".
	Stdin io.Reader
	// Post is told each post as it is read, which is not the order of time; the
	// post is valid until it returns. May be nil.
	Post func(*post.Post)
	// Progress is told now and then how many bytes of the file were read; may
	// be nil.
	Progress func(read, size int64)
}

// Report says what a file held.
type Report struct {
	// Records counts lines, table rows or elements of a JSON array.
	Records, Posts int64
	// Ignored counts what is understood and deliberately no post: deletions,
	// likes, notices.
	Ignored int64
	// Rejected counts by reason what could not be used.
	Rejected map[post.Reason]Rejected
}

// Rejected are the records that were rejected for one reason.
type Rejected struct {
	Count int64
	// Line is where the first of them begins, Detail what is wrong with it.
	Line   int64
	Detail string
}

// RejectedTotal is the number of rejects of all reasons.
func (r *Report) RejectedTotal() int64 {
	var sum int64
	for _, n := range r.Rejected {
		sum += n.Count
	}
	return sum
}

// String lists the rejects for people: "bad-time 2 (first in line 7:
// timestamp_share)".
func (r *Report) String() string {
	var out []string
	for _, reason := range slices.Sorted(maps.Keys(r.Rejected)) {
		n := r.Rejected[reason]
		s := fmt.Sprintf("%s %d (first in line %d", reason, n.Count, n.Line)
		if n.Detail != "" {
			s += ": " + n.Detail
		}
		out = append(out, s+")")
	}
	return strings.Join(out, ", ")
}

func (r *Report) reject(line int64, why *wire.Reject) {
	n, ok := r.Rejected[why.Reason]
	if !ok {
		n.Line, n.Detail = line, why.Detail
	}
	n.Count++
	r.Rejected[why.Reason] = n
}

// progressEvery is how many records are read between two calls of Progress.
const progressEvery = 1 << 12

// Load adds the posts of the archive at path; "-" is standard input. A post
// that names no campaign goes into one named after the file. The error is
// format.ErrNothingReadable if the file is no archive or holds no post that can
// be used, a *table.ColumnsError if a table lacks columns.
func (c *Collection) Load(ctx context.Context, path string, o Options) (Report, error) {
	report := Report{Rejected: make(map[post.Reason]Rejected)}
	src, err := input.Open(ctx, path, o.Stdin)
	if err != nil {
		return report, err
	}
	defer src.Close()
	name := input.Name(path)
	if err := c.load(ctx, src, name, o, &report); err != nil {
		return report, fmt.Errorf("reading %s: %w", name, err)
	}
	return report, nil
}

func (c *Collection) load(ctx context.Context, src *input.File, name string, o Options, report *Report) error {
	shape, err := format.Recognise(src, format.Hints{Format: o.Format, Columns: o.Columns})
	if err != nil {
		return err
	}
	in, err := src.Text()
	if err != nil {
		return err
	}
	defer in.Close()
	records, decode, err := shape.Open(in)
	if err != nil {
		return err
	}
	campaign := input.Stem(name)
	source := c.source(decode, campaign)
	var m wire.Message
	for {
		f, err := records.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		report.Records = f.Record
		if f.Record%progressEvery == 0 {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if o.Progress != nil {
				o.Progress(src.Pos(), src.Size())
			}
		}
		switch {
		case f.Fault != nil:
			m.Reject(f.Fault)
		case input.Blank(f.Raw):
			continue
		default:
			decode(f.Raw, &m)
		}
		for _, why := range m.Rejects {
			report.reject(f.Line, why)
		}
		report.Posts += int64(len(m.Posts))
		report.Ignored += int64(len(m.Ignored) + len(m.Deletions))
		if o.Post != nil {
			for i := range m.Posts {
				o.Post(&m.Posts[i])
			}
		}
		if err := c.add(source, f.Raw, m.Posts); err != nil {
			return err
		}
		clear(m.Posts)
		m.Posts, m.Deletions, m.Ignored, m.Rejects = m.Posts[:0], m.Deletions[:0], m.Ignored[:0], m.Rejects[:0]
	}
	switch {
	case report.Posts > 0:
		return nil
	case len(report.Rejected) > 0:
		return fmt.Errorf("%w: all %d records were rejected: %s", format.ErrNothingReadable, report.RejectedTotal(), report)
	default:
		return fmt.Errorf("%w: it holds not one post", format.ErrNothingReadable)
	}
}
