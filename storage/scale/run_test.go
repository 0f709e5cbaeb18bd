package scale

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"winnow/collectors/scenario/volume"
	"winnow/storage"
	"winnow/storage/embedded"
	"winnow/storage/storagetest"
)

// batchPosts is how many posts an archive's batch has (archive.Options).
const batchPosts = 20_000

// seed makes every run write the same posts.
const seed = 1

type options struct {
	posts int
	// days are how many the posts are spread over.
	days int
	dir  string
	// runs is how often each query is timed, and each how many are counted to the
	// next that is timed: 1 times all.
	runs, each int
}

// run is one measurement.
type run struct {
	*testing.T
	o      options
	engine *embedded.Engine
	tap    *tap
	store  *storage.Store
	conn   clickhouse.Conn // the writer's
	reader clickhouse.Conn
	memory *memory
	res    results
	begin  time.Time
}

// newRun opens the store in o.dir with what an earlier run has left there.
func newRun(t *testing.T, o options) *run {
	t.Helper()
	r := &run{T: t, o: o, begin: time.Now()}
	r.load()
	e := storagetest.Config(t)
	e.Dir = filepath.Join(o.dir, "engine")
	var err error
	if r.engine, err = embedded.Start(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := r.engine.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	writer := r.engine.ClientOptions()
	r.tap = &tap{}
	writer.TransportFunc = r.tap.over
	if r.store, err = storage.Open(t.Context(), storage.Options{Writer: writer, Reader: r.engine.ReaderOptions()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.store.Close() })
	r.conn, r.reader = r.open(r.engine.ClientOptions()), r.open(r.engine.ReaderOptions())
	r.memory = watchMemory(t, r.engine)
	r.res.Posts, r.res.Days = o.posts, o.days
	r.res.Machine.CPUs, r.res.Machine.Go = runtime.NumCPU(), runtime.Version()
	r.must(r.conn.QueryRow(t.Context(), "SELECT version()").Scan(&r.res.Machine.Engine))
	return r
}

func (r *run) open(o *clickhouse.Options) clickhouse.Conn {
	r.Helper()
	conn, err := clickhouse.Open(o)
	r.must(err)
	r.Cleanup(func() { _ = conn.Close() })
	return conn
}

func (r *run) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// phases runs the named phases in their order and keeps the results.
func (r *run) phases(names ...string) {
	r.Helper()
	for _, name := range names {
		do := map[string]func(){"stages": r.stages, "insert": r.insert, "settle": r.settle, "query": r.query, "pages": r.pages}[name]
		if do == nil {
			r.Fatalf("there is no phase %q", name)
		}
		begin := time.Now()
		debug.FreeOSMemory() // what the phase before has left
		r.memory.reset()
		do()
		r.res.Phases = append(r.res.Phases, phase{Name: name, Seconds: time.Since(begin).Seconds(), Memory: r.memory.peak()})
		r.save(filepath.Join(r.o.dir, "results.json"))
		r.say("phase done", "phase", name, "seconds", time.Since(begin).Seconds())
	}
}

// say reports progress as it happens.
func (r *run) say(what string, args ...any) {
	slog.New(slog.NewTextHandler(os.Stderr, nil)).Info(what, append([]any{"at", time.Since(r.begin).Round(time.Second)}, args...)...)
}

func (r *run) stream() *volume.Stream {
	return volume.New(volume.Config{Seed: seed, Posts: r.o.posts, Days: r.o.days})
}

func (r *run) exec(sql string) {
	r.Helper()
	r.must(r.conn.Exec(r.Context(), sql))
}

// count answers a query for one number.
func (r *run) count(sql string) (n uint64) {
	r.Helper()
	r.must(r.conn.QueryRow(r.Context(), "SELECT toUInt64(x) FROM ("+sql+") AS t (x)").Scan(&n))
	return n
}

// empty fails if the store has posts: they would be counted twice.
func (r *run) empty() {
	r.Helper()
	if r.count("SELECT count() FROM posts") > 0 {
		r.Fatalf("the store in %s has posts already: remove it, or leave out the phases stages and insert", r.o.dir)
	}
}

func (r *run) load() {
	text, err := os.ReadFile(filepath.Join(r.o.dir, "results.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	r.must(err)
	r.must(json.Unmarshal(text, &r.res))
}

func (r *run) save(path string) {
	r.Helper()
	text, err := json.MarshalIndent(&r.res, "", "  ")
	r.must(err)
	r.must(os.WriteFile(path, text, 0o600))
}
