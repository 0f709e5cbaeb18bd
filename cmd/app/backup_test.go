package app_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/cmd/keyring"
	"winnow/pipeline/feed"
	"winnow/storage"
	"winnow/storage/backup"
	"winnow/storage/view"
)

// A backup that is restored answers every question as before, goes on where its sources
// were, and has all files.
func TestBackupWipeRestore(t *testing.T) {
	cfg, deps := setup(t)
	story := castStory(t)
	deps.Campaigns = story.campaigns
	ring := keyring.In(cfg.DataDir)
	key, err := ring.Pseudonyms("Baku2015")
	if err != nil {
		t.Fatal(err)
	}
	var before map[string]string
	var file bytes.Buffer
	runApp(t, cfg, deps, func(ctx context.Context, r *app.Running) error {
		for _, b := range story.batches {
			if err := r.Publish(ctx, clone(b)); err != nil {
				return err
			}
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		if _, err := r.Forget(ctx, control.Forgetting{Platform: stranger.platform, ID: stranger.id}); err != nil {
			return err
		}
		client, err := control.Dial(cfg.DataDir)
		if err != nil {
			return err
		}
		before = allAnswers(t, ctx, r)
		return client.Backup(ctx, &file)
	})
	wantPrivate(t, cfg.DataDir)
	files := filesBelow(t, cfg.DataDir, "evidence", "keys", "suppressed")
	if len(files) < 4 {
		t.Errorf("there are only %d files to restore", len(files))
	}
	if left, err := app.Wipe(t.Context(), cfg.DataDir, func() { t.Error("nobody runs there") }, nil); err != nil || len(left) != 0 {
		t.Fatalf("%q are left, %v", left, err)
	}
	if _, err := os.Stat(cfg.DataDir); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("the data directory is still there: %v", err)
	}

	if _, err := app.Restore(t.Context(), cfg, deps, opener(file.Bytes())); err != nil {
		t.Fatal(err)
	}
	wantPrivate(t, cfg.DataDir)
	if diff := cmp.Diff(files, filesBelow(t, cfg.DataDir, "evidence", "keys", "suppressed")); diff != "" {
		t.Errorf("files (-before +restored):\n%.2000s", diff)
	}
	if again, err := keyring.In(cfg.DataDir).Pseudonyms("Baku2015"); err != nil || again != key {
		t.Errorf("the key is another one: %v", err)
	}
	runApp(t, cfg, deps, func(ctx context.Context, r *app.Running) error {
		last := story.batches[len(story.batches)-2]
		if cursor, ok, err := r.Cursor(ctx, "test/story"); err != nil || !ok || !bytes.Equal(cursor, last.Cursor) {
			t.Errorf("the source goes on at %q, %v, %v; want %q", cursor, ok, err, last.Cursor)
		}
		after := allAnswers(t, ctx, r)
		for name, want := range before {
			if diff := cmp.Diff(want, after[name]); diff != "" {
				t.Errorf("%s (-before +restored):\n%.2000s", name, diff)
			}
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		equal(t, ctx, r)
		// The list of who was forgotten is there.
		posts := one(t, ctx, r, "SELECT count() FROM posts FINAL")
		if err := r.Publish(ctx, feed.Batch{Source: "test/guests", Cursor: []byte("2"), Posts: slices.Clone(story.batches[len(story.batches)-1].Posts)}); err != nil {
			return err
		}
		if err := r.Drain(ctx); err != nil {
			return err
		}
		if n := one(t, ctx, r, "SELECT count() FROM posts FINAL"); n != posts {
			t.Errorf("%d posts, %d before: who was forgotten came back", n, posts)
		}
		return nil
	})
	if _, err := app.Restore(t.Context(), cfg, deps, opener(file.Bytes())); !errors.Is(err, app.ErrNotEmpty) {
		t.Errorf("restoring over what is there: %v", err)
	}
}

// runApp runs an app without pages while work does.
func runApp(t *testing.T, cfg config.Config, deps app.Deps, work func(context.Context, *app.Running) error) {
	t.Helper()
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Run(t.Context(), app.Role{}, work); err != nil {
		t.Fatal(err)
	}
}

func opener(file []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }
}

// allAnswers are the answers to every query of package view that needs nothing but a
// campaign, a finding or a change, and all rows of all tables.
func allAnswers(t *testing.T, ctx context.Context, r *app.Running) map[string]string {
	t.Helper()
	out := map[string]string{}
	read := func(sql string) string {
		res, err := r.Query(ctx, sql, "TSVWithNames")
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		text, err := io.ReadAll(res)
		if err := errors.Join(err, res.Close()); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return string(text)
	}
	tables := strings.Fields(read("SELECT name FROM system.tables WHERE database = currentDatabase() AND (engine LIKE '%MergeTree' OR engine = 'View') ORDER BY name"))
	for _, table := range tables[1:] {
		if table != "goose_db_version" && !strings.HasSuffix(table, "_check") {
			final := " FINAL"
			if table == "memberships" || table == "sides" {
				final = ""
			}
			columns := "*"
			if table == "declared_actions" {
				columns = "* EXCEPT version" // they are written anew at each start
			}
			out["table "+table] = read("SELECT " + columns + " FROM " + table + final + " ORDER BY ALL")
		}
	}
	answer := func(name string, v any, err error) {
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = cmp.Diff(nil, v)
	}
	v := r.View()
	from, to := storyDay.AddDate(0, -1, 0), storyDay.AddDate(0, 1, 0)
	campaigns, err := v.Campaigns(ctx)
	answer("campaigns", campaigns, err)
	for _, c := range campaigns {
		for _, step := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
			series, err := v.Series(ctx, c.Name, from, to, step)
			answer("series "+c.Name+step.String(), series, err)
		}
		findings, err := v.Findings(ctx, c.Name)
		answer("findings "+c.Name, findings, err)
		for _, f := range findings {
			detail, _, err := v.Finding(ctx, c.Name, f.ID)
			answer("finding "+f.ID, detail, err)
		}
		changes, err := v.Changes(ctx, c.Name)
		answer("changes "+c.Name, changes, err)
	}
	out["outcome"] = read(view.OutcomeSQL)
	return out
}

// filesBelow are the files below some names in a directory, but for locks.
func filesBelow(t *testing.T, dir string, names ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(dir, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, ".lock") {
				return err
			}
			text, err := os.ReadFile(path)
			out[strings.TrimPrefix(path, dir)] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// wantPrivate fails if anything in a data directory can be read by others.
func wantPrivate(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		info, err := d.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		files++
		if info.Mode().Type() == fs.ModeSymlink {
			return nil // a link has no mode of its own
		}
		if d.IsDir() && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("the folder %s can be opened by others: %v", path, info.Mode())
		}
		if !d.IsDir() && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("the file %s can be read by others: %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("%d files, %v", files, err)
	}
}

// A backup of which something is wrong, or of a newer schema, leaves nothing behind.
func TestRestoreRefuses(t *testing.T) {
	cfg, deps := setup(t)
	cfg.DataDir = filepath.Join(cfg.DataDir, "new")
	known, err := storage.SchemaVersion()
	if err != nil {
		t.Fatal(err)
	}
	archive := func(schema int64, names ...string) []byte {
		var out bytes.Buffer
		w, err := backup.NewWriter(&out, backup.Manifest{Schema: schema})
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if err := w.Add(n, strings.NewReader("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	whole := archive(known)
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"cut off":       {whole[:len(whole)-1], "damaged"},
		"newer schema":  {archive(known + 1), "newer"},
		"unknown table": {archive(known, "store/nonsense.native"), "does not know"},
		"into the log":  {archive(known, "files/log/x"), "does not know"},
		"unknown":       {archive(known, "elsewhere/x"), "does not know"},
		"no rows":       {archive(known, "files/a", "store/posts.native"), "posts"},
		"over the lock": {archive(known, "files/winnow.lock"), "does not know"},
	} {
		if _, err := app.Restore(t.Context(), cfg, deps, opener(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want it to say %q", name, err, c.want)
		}
		files, err := os.ReadDir(cfg.DataDir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		for _, f := range files {
			if f.Name() != control.LockName {
				t.Errorf("%s: %s is left", name, f.Name())
			}
		}
	}
}

// Whoever runs is asked to end, and what is not Winnow's stays.
func TestWipe(t *testing.T) {
	cfg, deps := setup(t)
	if _, err := app.Wipe(t.Context(), t.TempDir(), nil, nil); !errors.Is(err, app.ErrNotOurs) {
		t.Errorf("any folder: %v", err)
	}
	mine := filepath.Join(cfg.DataDir, "thesis.txt")
	if err := os.WriteFile(mine, []byte("not Winnow's"), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	up, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- a.Run(t.Context(), app.Role{Settle: true, Ready: func(string) { close(up) }}, nil)
	}()
	<-up
	asked := false
	left, err := app.Wipe(t.Context(), cfg.DataDir, func() { asked = true }, func(ctx context.Context, dir string) error {
		c, err := control.Dial(dir)
		if err != nil {
			return err
		}
		return c.Stop(ctx)
	})
	if err != nil || !asked || !slices.Equal(left, []string{"thesis.txt"}) {
		t.Errorf("asked %v, left %q, %v", asked, left, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("the one that ran: %v", err)
	}
	files, err := os.ReadDir(cfg.DataDir)
	if err != nil || len(files) != 1 {
		t.Errorf("there are %v, %v", files, err)
	}
}
