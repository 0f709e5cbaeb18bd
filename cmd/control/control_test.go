package control_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/cmd/control"
	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
)

// fakeOwner remembers what it was told.
type fakeOwner struct {
	batches []feed.Batch
	drained int
	stopped int
	err     error
	late    error // of a backup of which some is out
}

func (f *fakeOwner) Publish(_ context.Context, b feed.Batch) error {
	f.batches = append(f.batches, b)
	return f.err
}

func (f *fakeOwner) Cursor(_ context.Context, source string) ([]byte, bool, error) {
	if source == "archive/known &c" {
		return []byte("\x00cursor"), true, f.err
	}
	return nil, false, f.err
}

func (f *fakeOwner) Drain(context.Context) error { f.drained++; return f.err }

func (f *fakeOwner) Report(_ context.Context, w io.Writer, ask control.Reporting) error {
	if f.err != nil {
		return f.err
	}
	_, err := fmt.Fprintf(w, "%+v", ask)
	return err
}

func (f *fakeOwner) Export(_ context.Context, w io.Writer, ask control.Exporting) error {
	if f.err != nil {
		return f.err
	}
	_, err := fmt.Fprintf(w, "%+v", ask)
	return err
}

func (f *fakeOwner) Rebuild(_ context.Context, o storage.Rebuilding) (storage.Rebuilt, error) {
	if f.err != nil {
		return storage.Rebuilt{}, f.err
	}
	o.Progress("c", 1, 2)
	return storage.Rebuilt{Campaigns: 1, Hours: 2, Different: 3, Differences: []storage.Difference{{Campaign: o.Campaign, Stored: fmt.Sprint(o.Check)}}}, nil
}

func (f *fakeOwner) Forget(_ context.Context, ask control.Forgetting) (control.Forgotten, error) {
	if f.err != nil {
		return control.Forgotten{}, f.err
	}
	ask.Progress("erasing", 1, 2)
	return control.Forgotten{Names: 2, Traces: storage.Traces{Posts: 3, Campaigns: []string{ask.Campaign, ask.Handle}}}, nil
}

func (f *fakeOwner) Backup(_ context.Context, w io.Writer) error {
	if f.err != nil {
		return f.err
	}
	if _, err := io.WriteString(w, "all of it"); err != nil {
		return err
	}
	return f.late
}

func (f *fakeOwner) Stop(context.Context) error { f.stopped++; return f.err }

func (f *fakeOwner) Query(_ context.Context, sql, format string) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader(format + ": " + sql)), f.err
}

// serve runs an owner on a data directory and returns a client for it.
func serve(t *testing.T, dir string, o control.Owner) *control.Client {
	t.Helper()
	l, err := control.Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- control.Serve(ctx, l, o, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	c, err := control.Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClientReachesOwner(t *testing.T) {
	o := &fakeOwner{}
	c := serve(t, t.TempDir(), o)
	ctx := t.Context()
	sent := feed.Batch{
		Source: "archive/1", Campaign: "c", Cursor: []byte{0, 1, 255},
		Posts: []post.Post{{
			Platform: post.Mastodon, ID: "https://one.example/1", Kind: post.Reply, Text: "Bakı \u200f مرحبا",
			Account:  post.Account{ID: "a", Followers: post.KnownCount(0), CreatedAt: time.Date(2014, 1, 2, 0, 0, 0, 0, time.UTC)},
			PostedAt: time.Date(2015, 6, 12, 1, 2, 3, 4e6, time.UTC), Tags: post.NewTags("Baku2015"),
			ReplyTo: post.Ref{PostID: "0"}, Engagement: post.Engagement{Likes: post.KnownCount(3)},
		}},
		Deletions: []post.Deletion{{Platform: post.X, NativeID: "9", At: time.Date(2015, 6, 13, 0, 0, 0, 0, time.UTC)}},
	}
	sent.Posts[0].Received([]byte("as it came \xff"), "asked for")
	if err := c.Publish(ctx, sent); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]feed.Batch{sent}, o.batches); diff != "" {
		t.Errorf("batch (-sent +received):\n%s", diff)
	}
	cursor, ok, err := c.Cursor(ctx, "archive/known &c")
	if err != nil || !ok || string(cursor) != "\x00cursor" {
		t.Errorf("cursor %q, %v, %v", cursor, ok, err)
	}
	if _, ok, err := c.Cursor(ctx, "archive/other"); ok || err != nil {
		t.Errorf("a source that never began: %v, %v", ok, err)
	}
	if err := c.Drain(ctx); err != nil || o.drained != 1 {
		t.Errorf("drained %d times, %v", o.drained, err)
	}
	r, err := c.Query(ctx, "SELECT 'ə'", "CSV")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || string(text) != "CSV: SELECT 'ə'" {
		t.Errorf("result %q, %v", text, err)
	}
	told := ""
	built, err := c.Rebuild(ctx, storage.Rebuilding{Campaign: "c", Check: true, Progress: func(name string, done, of int) { told = fmt.Sprint(name, done, of) }})
	want := storage.Rebuilt{Campaigns: 1, Hours: 2, Different: 3, Differences: []storage.Difference{{Campaign: "c", Stored: "true"}}}
	if diff := cmp.Diff(want, built); err != nil || diff != "" || told != "c1 2" {
		t.Errorf("rebuilt %v, told %q (-want +got):\n%s", err, told, diff)
	}
}

func TestExport(t *testing.T) {
	c := serve(t, t.TempDir(), &fakeOwner{})
	ask := control.Exporting{Campaign: "ə &c", Finding: "f00d", Profile: "prove", Receivers: []string{"age1", "# x"}}
	var file strings.Builder
	if err := c.Export(t.Context(), &file, ask); err != nil || file.String() != fmt.Sprintf("%+v", ask) {
		t.Errorf("%q, %v", file.String(), err)
	}
}

func TestReport(t *testing.T) {
	c := serve(t, t.TempDir(), &fakeOwner{})
	ask := control.Reporting{Campaign: "ə &c", From: time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC), Identities: true}
	var file strings.Builder
	if err := c.Report(t.Context(), &file, ask); err != nil || file.String() != fmt.Sprintf("%+v", ask) {
		t.Errorf("%q, %v", file.String(), err)
	}
}

func TestForget(t *testing.T) {
	c := serve(t, t.TempDir(), &fakeOwner{})
	told := ""
	ask := control.Forgetting{Campaign: "ə &c", Handle: "@x", Progress: func(what string, done, of int) { told = fmt.Sprint(what, done, of) }}
	got, err := c.Forget(t.Context(), ask)
	want := control.Forgotten{Names: 2, Traces: storage.Traces{Posts: 3, Campaigns: []string{"ə &c", "@x"}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" || told != "erasing1 2" {
		t.Errorf("%v, told %q (-want +got):\n%s", err, told, diff)
	}
}

func TestBackupAndStop(t *testing.T) {
	o := &fakeOwner{}
	c := serve(t, t.TempDir(), o)
	var file strings.Builder
	if err := c.Backup(t.Context(), &file); err != nil || file.String() != "all of it" {
		t.Errorf("%q, %v", file.String(), err)
	}
	o.late = errors.New("the disk is gone")
	if err := c.Backup(t.Context(), io.Discard); err == nil {
		t.Error("half a backup passed for one")
	}
	if err := c.Stop(t.Context()); err != nil || o.stopped != 1 {
		t.Errorf("stopped %d times, %v", o.stopped, err)
	}
}

func TestOwnersErrorsReachTheClient(t *testing.T) {
	c := serve(t, t.TempDir(), &fakeOwner{err: errors.New("the log is full")})
	ctx := t.Context()
	_, _, cursorErr := c.Cursor(ctx, "x")
	_, queryErr := c.Query(ctx, "SELECT 1", "CSV")
	_, rebuildErr := c.Rebuild(ctx, storage.Rebuilding{})
	_, forgetErr := c.Forget(ctx, control.Forgetting{Only: true})
	for name, err := range map[string]error{
		"forget": forgetErr, "backup": c.Backup(ctx, io.Discard), "stop": c.Stop(ctx),
		"publish": c.Publish(ctx, feed.Batch{}), "cursor": cursorErr, "drain": c.Drain(ctx), "query": queryErr, "rebuild": rebuildErr,
		"report": c.Report(ctx, io.Discard, control.Reporting{}),
		"export": c.Export(ctx, io.Discard, control.Exporting{}),
	} {
		if err == nil || !strings.Contains(err.Error(), "the log is full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	c, err := control.Dial(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Drain(t.Context()); !errors.Is(err, control.ErrUnreachable) {
		t.Errorf("error %v, want ErrUnreachable", err)
	}
}

func TestSocketIsPrivateAndReplacesALeftOver(t *testing.T) {
	for _, dir := range []string{t.TempDir(), filepath.Join(t.TempDir(), strings.Repeat("deep/", 30))} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		t.Setenv("XDG_RUNTIME_DIR", t.TempDir())
		path, err := control.SocketPath(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		c := serve(t, dir, &fakeOwner{})
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("socket %v, %v: want it closed to others", info.Mode(), err)
		}
		if err := c.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func TestOneOwner(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	first, err := control.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("data directory %v, %v: want it closed to others", info, err)
	}
	open := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o755)); err != nil {
		t.Fatal(err)
	}
	if l, err := control.Lock(open); err != nil || l.Unlock() != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(open); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("a data directory that others could open: %v, %v", info, err)
	}
	if _, err := control.Lock(dir); !errors.Is(err, control.ErrOwned) {
		t.Errorf("error %v, want ErrOwned", err)
	}
	if err := first.Unlock(); err != nil {
		t.Fatal(err)
	}
	second, err := control.Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Unlock(); err != nil {
		t.Error(err)
	}
}

func TestAnswers(t *testing.T) {
	dir := t.TempDir()
	c, err := control.Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c.Answers(t.Context()) {
		t.Error("nobody answers")
	}
	if !serve(t, dir, &fakeOwner{}).Answers(t.Context()) {
		t.Error("the owner does not answer")
	}
}
