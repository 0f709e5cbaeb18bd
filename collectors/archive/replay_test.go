package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/collectors/archive/format"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
)

// TestFormats: every format is recognised and gives the same, whatever it is
// compressed with and whether it stands in lines or in an array.
func TestFormats(t *testing.T) {
	for _, c := range []struct {
		path      string
		format    format.Name
		posts     int64
		deletions int64
		ignored   map[string]int64
		rejected  map[string]int64
	}{
		{"x/v1/testdata/messages.jsonl", format.XV1, 4, 2, map[string]int64{"limit": 1, "disconnect": 1}, map[string]int64{
			"no-id": 1, "bad-time": 1, "no-account": 1, "negative-count": 1, "wrong-type": 1, "nul-byte": 1, "unknown-shape": 1, "not-json": 1,
		}},
		{"x/v2/testdata/messages.jsonl", format.XV2, 8, 0, map[string]int64{"errors": 2, "empty page": 2}, map[string]int64{
			"no-account": 1, "bad-time": 2, "negative-count": 1, "wrong-type": 1, "not-json": 1,
		}},
		{"mastodon/testdata/statuses.jsonl", format.Mastodon, 5, 0, map[string]int64{"not public": 1}, map[string]int64{
			"negative-count": 1, "bad-time": 1, "no-id": 1, "wrong-type": 1, "unknown-shape": 1, "not-json": 1,
		}},
		{"bluesky/testdata/events.jsonl", format.Bluesky, 6, 2, map[string]int64{"app.bsky.feed.like": 1, "identity": 2, "account": 1, "notice": 1}, map[string]int64{
			"bad-time": 1, "unknown-shape": 3, "no-id": 2, "wrong-type": 1, "not-json": 1,
		}},
	} {
		plain := sample(t, c.path)
		var want []post.Post
		for _, v := range []struct {
			name    string
			content []byte
			array   bool
		}{
			{"a.jsonl", plain, false},
			{"windows.json", bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n\r\n")), false},
			{"mark.json", append([]byte("\xef\xbb\xbf"), plain...), false},
			{"named-otherwise.csv", gzipped(t, plain), false},
			{"a.jsonl.zst", zstded(t, plain), false},
			{"a.json", asArray(plain), true},
			{"two-arrays.json", append(asArray(plain)[:len(asArray(plain))-2:len(asArray(plain))-2], "]\n[]"...), true},
		} {
			log, rep, err := replayed(t, v.name, v.content, Options{})
			if err != nil {
				t.Errorf("%s as %s: %v", c.path, v.name, err)
				continue
			}
			rejected := c.rejected
			if v.array { // a line that is no JSON cannot stand in an array
				rejected = map[string]int64{}
				for k, n := range c.rejected {
					if k != "not-json" {
						rejected[k] = n
					}
				}
			}
			got := Report{Format: rep.Format, Posts: rep.Posts, Deletions: rep.Deletions, Ignored: rep.Ignored, Rejected: rep.Rejected, Finished: rep.Finished}
			if diff := cmp.Diff(Report{Format: c.format, Posts: c.posts, Deletions: c.deletions, Ignored: c.ignored, Rejected: rejected, Finished: true}, got); diff != "" {
				t.Errorf("%s as %s (-want +got):\n%s", c.path, v.name, diff)
			}
			if int64(len(log.posts())) != rep.Posts || int64(len(log.deletions())) != rep.Deletions {
				t.Errorf("%s as %s: the log has %d posts and %d deletions, the report says %d and %d",
					c.path, v.name, len(log.posts()), len(log.deletions()), rep.Posts, rep.Deletions)
			}
			if want == nil {
				want = log.posts()
			} else if diff := cmp.Diff(want, log.posts()); diff != "" {
				t.Errorf("%s as %s has other posts:\n%s", c.path, v.name, diff)
			}
			if lines := rejectsIn(t, rep.RejectFile); int64(len(lines)) != rep.RejectedTotal() {
				t.Errorf("%s as %s: %d lines in the reject file, want %d", c.path, v.name, len(lines), rep.RejectedTotal())
			}
		}
	}
}

// TestPrettyObjects: objects over several lines, one after another.
func TestPrettyObjects(t *testing.T) {
	content := "{\n \"data\": {\n  \"id\": \"609400000000000001\",\n  \"author_id\": \"1\",\n  \"text\": \"a\"\n }\n}\n{\n \"data\": {\n  \"id\": \"609400000000000002\",\n  \"author_id\": \"1\",\n  \"text\": \"}\"\n }\n}\n"
	_, rep, err := replayed(t, "pages.json", []byte(content), Options{})
	if err != nil || rep.Posts != 2 || rep.Format != format.XV2 {
		t.Errorf("got %d posts of %s, %v; want 2 of x-v2", rep.Posts, rep.Format, err)
	}
}

// TestBatch: what stands on a batch beside its posts.
func TestBatch(t *testing.T) {
	log, rep, err := replayed(t, "June.2015.csv.gz", gzipped(t, table4(3)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := log.batches[0]
	if b.Campaign != "June.2015" || rep.Campaign != "June.2015" {
		t.Errorf("campaign %q, in the report %q; want June.2015", b.Campaign, rep.Campaign)
	}
	if !strings.HasPrefix(b.Source, "archive/") || len(b.Source) != len("archive/")+64 || b.Source != rep.Source {
		t.Errorf("source %q, in the report %q", b.Source, rep.Source)
	}
	log, _, err = replayed(t, "a.csv", table4(3), Options{Campaign: "other"})
	if err != nil || log.batches[0].Campaign != "other" {
		t.Errorf("campaign %q, %v; want other", log.batches[0].Campaign, err)
	}
}

func TestStdin(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var log memory
	rep, err := Replay(context.Background(), "-", &log, Options{Stdin: bytes.NewReader(gzipped(t, table4(7))), RejectDir: temp})
	if err != nil || rep.Posts != 7 || rep.Campaign != "stdin" {
		t.Errorf("got %d posts for %q, %v; want 7 for stdin", rep.Posts, rep.Campaign, err)
	}
	if left, _ := os.ReadDir(temp); len(left) != 0 {
		t.Errorf("the copy was left behind: %v", left)
	}
}

// TestResume: wherever the log breaks, before or after it took a batch, the
// next run goes on, and log and reject file are in the end what they are
// without the break.
func TestResume(t *testing.T) {
	var content bytes.Buffer
	content.WriteString("object_id,account_id,content_id,timestamp_share\n")
	for i := range 100 {
		if i%7 == 3 {
			fmt.Fprintf(&content, "o,a,c%d\n", i)
			continue
		}
		fmt.Fprintf(&content, "o,a%d,c%d,15000000%02d\n", i%5, i, i)
	}
	path := write(t, "a.csv", content.Bytes())
	options := Options{BatchPosts: 9, RejectDir: filepath.Dir(path)}
	var whole memory
	want, err := Replay(context.Background(), path, &whole, options)
	if err != nil {
		t.Fatal(err)
	}
	wantRejects, err := os.ReadFile(want.RejectFile)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole.batches {
		for _, took := range []bool{false, true} {
			ctx, cancel := context.WithCancelCause(context.Background())
			log := memory{}
			if took {
				log.after = func() {
					if len(log.batches) == n+1 {
						cancel(errBroken)
					}
				}
			} else {
				log.refuse = func(feed.Batch) error {
					if len(log.batches) == n {
						return errBroken
					}
					return nil
				}
			}
			rep, err := Replay(ctx, path, &log, options)
			last := took && n == len(whole.batches)-1
			if last != (err == nil) || !last && !errors.Is(err, errBroken) {
				t.Fatalf("break at %d (%v): got %v", n, took, err)
			}
			if rep.Finished != last || rep.Posts != int64(len(log.posts())) {
				t.Fatalf("break at %d (%v): finished %v, %d posts, the log has %d", n, took, rep.Finished, rep.Posts, len(log.posts()))
			}
			log.refuse, log.after = nil, nil
			rep, err = Replay(context.Background(), path, &log, options)
			if err != nil {
				t.Fatal(err)
			}
			if rep.AlreadyDone != last || rep.Resumed != (len(log.batches) > 0 && (n > 0 || took) && !last) {
				t.Errorf("break at %d (%v): already done %v, resumed %v", n, took, rep.AlreadyDone, rep.Resumed)
			}
			if diff := cmp.Diff(whole.batches, log.batches); diff != "" {
				t.Errorf("break at %d (%v): other batches:\n%s", n, took, diff)
			}
			if diff := cmp.Diff(want.Rejected, rep.Rejected); diff != "" || rep.Posts != want.Posts || rep.Lines != want.Lines {
				t.Errorf("break at %d (%v): other counts: %+v", n, took, rep)
			}
			rejects, err := os.ReadFile(rep.RejectFile)
			if err != nil || !bytes.Equal(rejects, wantRejects) {
				t.Errorf("break at %d (%v): the reject file is\n%s\nwant\n%s", n, took, rejects, wantRejects)
			}
			cancel(nil)
		}
	}
}

// TestAgain: a file is replayed once, unless asked for, and then gives the same.
func TestAgain(t *testing.T) {
	path := write(t, "a.csv", table4(20))
	o := Options{BatchPosts: 6, RejectDir: filepath.Dir(path)}
	var log memory
	first, err := Replay(context.Background(), path, &log, o)
	if err != nil || first.AlreadyDone {
		t.Fatal(err, first.AlreadyDone)
	}
	n := len(log.batches)
	second, err := Replay(context.Background(), path, &log, o)
	if err != nil || !second.AlreadyDone || !second.Finished || second.Posts != 20 || len(log.batches) != n || second.Format != format.CSV {
		t.Errorf("the second run: %+v, %v, %d batches", second, err, len(log.batches))
	}
	o.Again = true
	third, err := Replay(context.Background(), path, &log, o)
	if err != nil || third.AlreadyDone || third.Resumed || third.Posts != 20 {
		t.Errorf("the third run: %+v, %v", third, err)
	}
	if diff := cmp.Diff(log.batches[:n], log.batches[n:]); diff != "" {
		t.Errorf("replayed again it differs:\n%s", diff)
	}
}

// TestDamagedCursor: a cursor that cannot be read stops a replay, unless it is
// to begin again anyway.
func TestDamagedCursor(t *testing.T) {
	path := write(t, "a.csv", table4(2))
	o := Options{RejectDir: filepath.Dir(path)}
	var log memory
	rep, err := Replay(context.Background(), path, &log, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, cursor := range []string{"{", `{"v":99}`} {
		log.cursors[rep.Source] = []byte(cursor)
		o.Again = false
		if _, err := Replay(context.Background(), path, &log, o); err == nil || !strings.Contains(err.Error(), "--again") {
			t.Errorf("cursor %q: got %v, want an error that names --again", cursor, err)
		}
		o.Again = true
		if rep, err := Replay(context.Background(), path, &log, o); err != nil || rep.Posts != 2 {
			t.Errorf("cursor %q, again: %+v, %v", cursor, rep, err)
		}
	}
}

// TestFullLog: a full log is waited for, with the same batch.
func TestFullLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := write(t, "a.csv", table4(10))
		waits := 0
		full := time.Now().Add(time.Minute)
		log := memory{refuse: func(b feed.Batch) error {
			if len(b.Posts) == 4 && b.Posts[0].ID == "c4" && time.Now().Before(full) {
				return fmt.Errorf("publish: %w", feed.ErrFull)
			}
			return nil
		}}
		rep, err := Replay(context.Background(), path, &log, Options{BatchPosts: 4, RejectDir: filepath.Dir(path), Progress: func(p Progress) {
			if p.Stage == Waiting {
				waits++
				if p.Posts != 4 {
					t.Errorf("waiting with %d posts safe, want 4", p.Posts)
				}
			}
		}})
		if err != nil || rep.Posts != 10 || len(log.posts()) != 10 {
			t.Errorf("%+v, %v", rep, err)
		}
		if waits < 5 || waits > 50 {
			t.Errorf("asked %d times in a minute", waits)
		}

		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		log = memory{refuse: func(feed.Batch) error { return feed.ErrFull }}
		if _, err := Replay(ctx, path, &log, Options{RejectDir: filepath.Dir(path)}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a log that stays full: got %v, want the deadline", err)
		}
	})
}

// TestTooLarge: a batch that the log finds too large goes in parts, of which
// only the last has the cursor.
func TestTooLarge(t *testing.T) {
	path := write(t, "a.csv", table4(10))
	log := memory{refuse: func(b feed.Batch) error {
		if len(b.Posts) > 3 {
			return fmt.Errorf("publish: %w", feed.ErrTooLarge)
		}
		return nil
	}}
	rep, err := Replay(context.Background(), path, &log, Options{RejectDir: filepath.Dir(path)})
	if err != nil || rep.Posts != 10 || len(log.posts()) != 10 {
		t.Fatalf("%+v, %v", rep, err)
	}
	for i, b := range log.batches {
		if last := i == len(log.batches)-1; last != (len(b.Cursor) > 0) {
			t.Errorf("part %d of %d has cursor %q", i, len(log.batches), b.Cursor)
		}
		if b.Posts[0].ID > b.Posts[len(b.Posts)-1].ID {
			t.Errorf("part %d is out of order", i)
		}
	}
}

// slow is a Log whose publishing outlasts the replay's context.
type slow struct{ memory }

func (s *slow) Publish(ctx context.Context, b feed.Batch) error {
	select {
	case <-time.After(3 * time.Second):
		return s.memory.Publish(ctx, b)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// TestCancel: the batch at hand is finished, and nothing after it begun.
func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := write(t, "a.csv", table4(100))
		ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
		defer cancel()
		var log slow
		begin := time.Now()
		rep, err := Replay(ctx, path, &log, Options{BatchPosts: 10, RejectDir: filepath.Dir(path)})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		if rep.Posts != 20 || len(log.posts()) != 20 || rep.Finished || time.Since(begin) != 6*time.Second {
			t.Errorf("%d posts in the report, %d in the log, %v; want 20 in 6s", rep.Posts, len(log.posts()), time.Since(begin))
		}
	})
}

func TestProgress(t *testing.T) {
	path := write(t, "a.csv", append(table4(100), "o,a,c\n"...))
	var seen []Progress
	rep, err := Replay(context.Background(), path, &memory{}, Options{
		BatchPosts: 10, RejectDir: filepath.Dir(path), Progress: func(p Progress) { seen = append(seen, p) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen[0].Stage != Hashing || seen[0].Bytes != seen[0].TotalBytes {
		t.Errorf("first: %+v", seen[0])
	}
	size := int64(len(table4(100)) + len("o,a,c\n"))
	want := Progress{Stage: Replaying, Bytes: size, TotalBytes: size, Lines: 101, Posts: 100, Rejected: 1}
	if last := seen[len(seen)-1]; last != want {
		t.Errorf("last: %+v, want %+v", last, want)
	}
	if rep.Lines != 101 {
		t.Errorf("%d lines, want 101", rep.Lines)
	}
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ path, want string }{
		{filepath.Join(dir, "none.csv"), "open archive"},
		{dir, "is a directory"},
		{"-", "there is none"},
	} {
		if _, err := Replay(context.Background(), c.path, &memory{}, Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.path, err, c.want)
		}
	}
	if _, err := Replay(context.Background(), "-", &memory{}, Options{Stdin: iotest.ErrReader(errBroken)}); !errors.Is(err, errBroken) {
		t.Errorf("a broken pipe: got %v", err)
	}
}
