package linetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/wire"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

// maxLine bounds a line, in bytes.
const maxLine = 4 << 20

// Options is what a Source needs.
type Options struct {
	// URL is the platform's; Token is sent to it. Name names the source.
	URL, Token, Name string
	// HTTP is made by package dial.
	HTTP *http.Client
	Now  func() time.Time
	// Replay resumes at the cursor, as a stream with a memory does; else the
	// stream begins with what is new.
	Replay bool
	// Evidence has posts carry the lines that they came in.
	Evidence bool
	Stall    time.Duration
	Ladder   collectors.Ladder
}

// Source reads a Platform.
type Source struct {
	o    Options
	http *http.Client
}

var _ collectors.Source = (*Source)(nil)

// New returns a source; it connects to nothing yet.
func New(o Options) *Source {
	return &Source{o: o, http: dial.WithToken(o.HTTP, o.URL, o.Token)}
}

// Info implements collectors.Source.
func (s *Source) Info() collectors.Info {
	return collectors.Info{
		Name: s.o.Name, Platform: post.Mastodon, Stall: s.o.Stall, Ladder: s.o.Ladder,
		Campaigns: []campaign.Campaign{{Name: "line", Tags: []string{tag}}},
	}
}

// request asks for a path and returns the body of a good answer.
func (s *Source) request(ctx context.Context, path string) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.o.URL+path, http.NoBody)
	if err != nil {
		return nil, &collectors.Fault{Cause: post.Misconfigured, Err: err}
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return nil, collectors.FromError(err)
	}
	if resp.StatusCode != http.StatusOK {
		defer resp.Body.Close()
		return nil, collectors.FromResponse(resp, s.o.Now())
	}
	return resp.Body, nil
}

// Stream implements collectors.Source.
func (s *Source) Stream(ctx context.Context, resume []byte, out collectors.Out) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	path := "/stream"
	at, resumed := parseCursor(resume)
	resumed = resumed && s.o.Replay
	if resumed {
		path += "?since=" + strconv.FormatUint(at.seq, 10)
	}
	body, err := s.request(ctx, path)
	if err != nil {
		return err
	}
	defer body.Close()
	lines := bufio.NewScanner(collectors.AliveReader(body, out))
	lines.Buffer(nil, maxLine)
	for live := false; lines.Scan(); live = true {
		m, err := decode(lines.Bytes())
		if !live {
			// The first line says that the stream stands, whatever it is.
			from := time.Time{}
			if resumed {
				from = at.at.Add(-margin)
			}
			out.Live(from)
		}
		if err != nil {
			continue
		}
		if err := s.take(m, lines.Bytes(), !live, out); err != nil {
			return err
		}
		if resumed {
			out.Reached(time.UnixMilli(m.At))
		}
	}
	if err := lines.Err(); err != nil {
		return collectors.FromError(fmt.Errorf("reading the stream: %w", err))
	}
	return &collectors.Fault{Cause: post.Network, Err: fmt.Errorf("the stream: %w", io.EOF)}
}

// margin is how long before a cursor's time everything has come for certain,
// since a stream keeps its order.
const margin = time.Second

// take delivers what a message comes to. A first beat has the cursor that a
// stream begins with.
func (s *Source) take(m message, line []byte, first bool, out collectors.Out) error {
	d, ok := s.delivery(m, line)
	if !ok && !first {
		return nil
	}
	if d.Cursor == nil && len(d.Posts)+len(d.Deletions) == 0 {
		return nil
	}
	return out.Deliver(d)
}

// delivery is what a message, of a line, comes to; false for nothing.
func (s *Source) delivery(m message, line []byte) (d collectors.Delivery, ok bool) {
	if m.Kind == "beat" || m.Seq > 0 {
		d.Cursor = cursor{seq: m.Seq, at: time.UnixMilli(m.At)}.bytes()
	}
	switch m.Kind {
	case "post":
		p, ok := m.post(s.o.URL, s.o.Now())
		if !ok {
			return d, false
		}
		if s.o.Evidence {
			p.Received(line, "/stream")
		}
		d.Posts = []post.Post{p}
	case "delete":
		d.Deletions = []post.Deletion{{Platform: post.Mastodon, NativeID: m.ID, At: time.UnixMilli(m.At)}}
	default:
		return d, false
	}
	return d, true
}

// Filling is a Source without a memory in its stream, but with a history.
type Filling struct{ *Source }

var _ collectors.Filler = Filling{}

// Info adds how far back the history reaches.
func (f Filling) Info() collectors.Info {
	i := f.Source.Info()
	i.Lookback = time.Hour
	return i
}

// Fill implements collectors.Filler. It asks for everything since the cursor,
// whatever the times of the gap are: the two clocks may differ.
func (f Filling) Fill(ctx context.Context, g post.Gap, resume []byte, out collectors.Out) (collectors.Filled, error) {
	at, _ := parseCursor(resume)
	body, err := f.request(ctx, "/history?since="+strconv.FormatUint(at.seq, 10))
	if err != nil {
		return collectors.Filled{}, err
	}
	defer body.Close()
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		m, err := decode(lines.Bytes())
		if err != nil {
			return collectors.Filled{}, &collectors.Fault{Cause: post.Protocol, Err: err}
		}
		d, ok := f.delivery(m, lines.Bytes())
		if !ok {
			continue
		}
		if err := out.Deliver(d); err != nil {
			return collectors.Filled{}, err
		}
	}
	if err := lines.Err(); err != nil {
		return collectors.Filled{}, collectors.FromError(fmt.Errorf("reading the history: %w", err))
	}
	return collectors.Filled{From: g.From, Complete: true}, nil
}

// Decode reads a line of the platform at an address into m.
func Decode(address string) func(line []byte, m *wire.Message) {
	return func(line []byte, m *wire.Message) {
		if in, err := decode(line); err != nil {
			m.Reject(err)
		} else if p, ok := in.post(address, time.Time{}); ok && in.Kind == "post" {
			m.Add(p, nil)
		}
	}
}
