package app_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/collectors/archive"
	"winnow/pipeline/feed"
	"winnow/storage"
	"winnow/storage/storagetest"
)

// discard is a log that hands nothing on.
type discard struct{ batches []feed.Batch }

func (d *discard) Publish(_ context.Context, b feed.Batch) error {
	d.batches = append(d.batches, b)
	return nil
}

func (*discard) Cursor(context.Context, string) ([]byte, bool, error) { return nil, false, nil }

// pipelined publishes as a replay in one process does.
type pipelined struct {
	*app.Running
	publisher *feed.Publisher
}

func (p pipelined) Publish(ctx context.Context, b feed.Batch) error {
	return p.publisher.Publish(ctx, b)
}

const benchPosts = 300_000

// BenchmarkReplay measures an archive of normalised CSV on its way to rows
// that are committed: each stage alone, the whole way, and what follows it.
// Stages run beside each other, so the whole is faster than their sum.
func BenchmarkReplay(b *testing.B) {
	file := filepath.Join(b.TempDir(), "story.csv")
	writeCSV(b, file, benchPosts)
	options := archive.Options{RejectDir: b.TempDir(), BatchPosts: 20_000}
	var batches []feed.Batch
	rate := func(b *testing.B, took time.Duration) {
		b.ReportMetric(benchPosts*float64(b.N)/took.Seconds(), "posts/s")
	}

	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			d := &discard{}
			if _, err := archive.Replay(b.Context(), file, d, options); err != nil {
				b.Fatal(err)
			}
			batches = d.batches
		}
		rate(b, b.Elapsed())
	})
	b.Run("log", func(b *testing.B) {
		for b.Loop() {
			log, err := feed.Open(b.Context(), feed.Options{Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			p := log.Publisher()
			for i := range batches {
				if err := p.Publish(b.Context(), batches[i]); err != nil {
					b.Fatal(err)
				}
			}
			if err := p.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			ctx, stop := context.WithCancel(b.Context())
			left := len(batches)
			_ = log.Consume(ctx, func(context.Context, feed.Message) error {
				if left--; left == 0 {
					stop()
				}
				return nil
			})
			stop()
			if err := log.Close(); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, b.Elapsed())
	})
	// What the engine does with four columns of the same posts and nothing else
	// around it: the yardstick for "store".
	b.Run("bare-insert", func(b *testing.B) {
		conn := storagetest.Open(b)
		if err := conn.Exec(b.Context(), "CREATE TABLE bare (id String, account String, at DateTime64(3, 'UTC'), text String) ENGINE = MergeTree ORDER BY id"); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, batch := range batches {
				insert, err := conn.PrepareBatch(b.Context(), "INSERT INTO bare")
				if err != nil {
					b.Fatal(err)
				}
				for i := range batch.Posts {
					p := &batch.Posts[i]
					if err := insert.Append(p.ID, p.Account.ID, p.PostedAt, p.Text); err != nil {
						b.Fatal(err)
					}
				}
				if err := insert.Send(); err != nil {
					b.Fatal(err)
				}
			}
		}
		rate(b, b.Elapsed())
	})
	b.Run("store", func(b *testing.B) {
		var took time.Duration
		for b.Loop() {
			cfg, deps := setup(b)
			err := app.WithStore(b.Context(), cfg, deps, func(s *storage.Store) error {
				begin := time.Now()
				for _, batch := range batches {
					rows := make([]storage.PostRow, len(batch.Posts))
					for i := range batch.Posts {
						rows[i] = storage.PostRow{Campaign: "story", Source: batch.Source, Post: &batch.Posts[i]}
					}
					if err := s.Write(b.Context(), storage.Message{Rows: rows}); err != nil {
						return err
					}
				}
				took += time.Since(begin)
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		rate(b, took)
	})
	var settling time.Duration
	var settled int
	b.Run("whole", func(b *testing.B) {
		var took time.Duration
		for b.Loop() {
			cfg, deps := setup(b)
			a, err := app.New(cfg, deps)
			if err != nil {
				b.Fatal(err)
			}
			err = a.Run(b.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
				begin := time.Now()
				p := pipelined{r, r.Publisher()}
				if _, err := archive.Replay(ctx, file, p, options); err != nil {
					return err
				}
				if err := p.publisher.Flush(ctx); err != nil {
					return err
				}
				if err := r.WaitStored(ctx); err != nil {
					return err
				}
				took += time.Since(begin)
				begin = time.Now()
				err := r.Drain(ctx)
				settling += time.Since(begin)
				settled++
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		rate(b, took)
		b.ReportMetric(benchPosts*float64(settled)/settling.Seconds(), "settled-posts/s")
	})
}
