package scale

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"winnow/collectors/scenario/volume"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/query"
)

// tap sits between the client and the engine's socket: it keeps what the writer
// sends, or answers in the engine's place.
type tap struct {
	next http.RoundTripper
	mode tapMode
	kept []*http.Request
}

type tapMode int

const (
	tapOff    tapMode = iota
	tapKeep           // keep the inserts into posts
	tapAnswer         // swallow all inserts
)

func (t *tap) over(next *http.Transport) (http.RoundTripper, error) {
	t.next = next
	return t, nil
}

// RoundTrip implements http.RoundTripper. Only one request is under way at a
// time while the mode is not off.
func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	sql := r.URL.Query().Get("query")
	if t.mode == tapOff || !strings.HasPrefix(sql, "INSERT") || r.Body == nil {
		return t.next.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body.Close()
	if t.mode == tapAnswer {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	if strings.Contains(sql, "INTO posts") || strings.Contains(sql, "INTO `posts`") {
		kept := r.Clone(r.Context())
		kept.Body, kept.GetBody = nil, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
		t.kept = append(t.kept, kept)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return t.next.RoundTrip(r)
}

// send sends a kept insert again, to another table.
func (r *run) send(kept *http.Request, table string) {
	r.Helper()
	again := kept.Clone(r.Context())
	q := again.URL.Query()
	sql := q.Get("query")
	q.Set("query", strings.Replace(strings.Replace(sql, "`posts`", table, 1), "INTO posts", "INTO "+table, 1))
	again.URL.RawQuery = q.Encode()
	var err error
	again.Body, err = kept.GetBody()
	r.must(err)
	answer, err := r.tap.next.RoundTrip(again)
	r.must(err)
	text, err := io.ReadAll(answer.Body)
	r.must(err)
	r.must(answer.Body.Close())
	if answer.StatusCode != http.StatusOK {
		r.Fatalf("insert into %s: %s", table, text)
	}
}

// stages measures each part of writing by itself, on tables of its own.
func (r *run) stages() {
	r.empty()
	rows := min(r.o.posts/2, 300_000)
	// Another seed: the writer remembers accounts, and shall know none of the run's.
	stream := volume.New(volume.Config{Seed: seed + 1, Posts: rows, Days: r.o.days})
	var batches [][]post.Post
	r.res.Stages = nil
	var begin time.Time
	var ours, engine float64
	start := func() { begin, ours, engine = time.Now(), cpu(os.Getpid()), cpu(r.engine.Pid()) }
	add := func(name string, n int) {
		million := 1e6 / float64(n)
		r.res.Stages = append(r.res.Stages, stage{
			Name: name, RowsPerSecond: float64(n) / time.Since(begin).Seconds(),
			OurCPU: million * (cpu(os.Getpid()) - ours), EngineCPU: million * (cpu(r.engine.Pid()) - engine),
		})
	}
	start()
	for batch := stream.Next(batchPosts); len(batch) > 0; batch = stream.Next(batchPosts) {
		batches = append(batches, batch)
	}
	add("the posts made, one core", rows)

	r.exec("CREATE TABLE bare (id String, account String, at DateTime64(3, 'UTC'), text String) ENGINE = MergeTree ORDER BY id")
	start()
	for _, batch := range batches {
		r.bare(batch)
	}
	add(yardstick, rows)
	r.exec("DROP TABLE bare")

	r.tap.mode = tapAnswer
	start()
	for _, batch := range batches {
		r.must(r.store.Write(r.Context(), message(batch)))
	}
	add("the writer without the engine: rows to the wire's form", rows)

	r.tap.mode = tapKeep
	few := batches[:min(len(batches), 10)]
	for _, batch := range few {
		r.must(r.store.Write(r.Context(), message(batch)))
	}
	r.tap.mode = tapOff
	sent := r.tap.kept
	r.tap.kept = nil
	if len(sent) != len(few) {
		r.Fatalf("%d inserts into posts for %d batches", len(sent), len(few))
	}
	rows = 0
	for _, batch := range few {
		rows += len(batch)
	}
	r.exec("CREATE TABLE posts_alone AS posts")
	for _, c := range []struct{ name, engine string }{
		{"the engine reading what it is sent, storing nothing", "Null"},
		{engineAlone, ""},
	} {
		table := "posts_alone"
		if c.engine != "" {
			table = "posts_null"
			r.exec("CREATE TABLE posts_null AS posts ENGINE = " + c.engine)
		}
		const rounds = 3
		start()
		for range rounds {
			for _, s := range sent {
				r.send(s, table)
			}
		}
		add(c.name, rounds*rows)
		r.exec("DROP TABLE " + table)
	}
	// As if nothing had been written.
	names, err := r.conn.Query(r.Context(), "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name NOT LIKE 'goose%'")
	r.must(err)
	tables, err := query.Collect(names, "listing tables", func(name *string) []any { return []any{name} })
	r.must(err)
	for _, table := range tables {
		r.exec("TRUNCATE TABLE " + table)
	}
}

// Names of stages that the table compares with.
const (
	yardstick   = "yardstick: four columns into a bare table"
	engineAlone = "the engine alone, writing posts"
)

func (r *run) bare(batch []post.Post) {
	r.Helper()
	insert, err := r.conn.PrepareBatch(r.Context(), "INSERT INTO bare")
	r.must(err)
	for i := range batch {
		p := &batch[i]
		r.must(insert.Append(p.ID, p.Account.ID, p.PostedAt, p.Text))
	}
	r.must(insert.Send())
}

// message is a batch as the pipeline hands it to the writer.
func message(batch []post.Post) storage.Message {
	m := storage.Message{Rows: make([]storage.PostRow, len(batch))}
	for i := range batch {
		p := &batch[i]
		m.Rows[i] = storage.PostRow{Campaign: p.Campaign, Source: "archive/volume-" + string(p.Platform), Post: p}
	}
	return m
}
