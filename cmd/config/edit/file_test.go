package edit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/cmd/config"
	"winnow/cmd/config/edit"
	"winnow/cmd/config/strict"
)

const secretText = "# Ours.\ndesk:\n  users_file: users\n  metrics_token: hunter2-hunter2-hunter2\n"

// written makes a file with a mode, and returns its path.
func written(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func contents(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var bridge = config.Campaign{Name: "Bridge", Tags: []string{"#bridge"}}

func TestFileIsReplacedAsAWhole(t *testing.T) {
	path := written(t, secretText, 0o640)
	link := filepath.Join(t.TempDir(), "link.yaml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	f := edit.New(link)
	if err := f.Writable(); err != nil {
		t.Error(err)
	}
	_, v, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	undo, err := f.Put(v, bridge)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := contents(t, path), secretText+"\ncampaigns:\n  - name: \"Bridge\"\n    tags:\n      - \"#bridge\"\n"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != 0o640 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// That version is over.
	if _, err := f.Put(v, bridge); !errors.Is(err, edit.ErrChanged) {
		t.Errorf("the same form again: %v", err)
	}
	if err := f.Undo(undo); err != nil || contents(t, path) != secretText {
		t.Errorf("%v\n%s", err, contents(t, path))
	}
	if err := f.Undo(undo); !errors.Is(err, edit.ErrChanged) {
		t.Errorf("undone twice: %v", err)
	}
}

// A version names what stands in the file, and tells nothing of it: not even who has a
// guess at a secret can try it out.
func TestVersion(t *testing.T) {
	path := written(t, secretText, 0o600)
	f := edit.New(path)
	_, first, err := f.Read()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(secretText+"# more\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Put(first, bridge); !errors.Is(err, edit.ErrChanged) {
		t.Errorf("somebody else wrote: %v", err)
	}
	_, second, err := f.Read()
	if err != nil || second == first {
		t.Errorf("version %s, then %s, %v", first, second, err)
	}
	if _, other, err := edit.New(path).Read(); err != nil || other == second {
		t.Errorf("another process has the same version %s: %v", other, err)
	}
}

func TestFileThatCannotBeChanged(t *testing.T) {
	dir := t.TempDir()
	missing := edit.New(filepath.Join(dir, "missing.yaml"))
	if _, _, err := missing.Read(); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := missing.Writable(); !errors.Is(err, edit.ErrLocked) {
		t.Error(err)
	}
	broken := edit.New(written(t, "desk: {listen: here, hosts: hunter2}\n", 0o600))
	_, v, err := broken.Read()
	if !errors.As(err, new(strict.Problems)) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("broken: %v", err)
	}
	if _, err := broken.Put(v, bridge); !errors.As(err, new(strict.Problems)) {
		t.Errorf("broken: %v", err)
	}
	if os.Geteuid() == 0 {
		return // whom no mode keeps out
	}
	path := written(t, secretText, 0o600)
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Dir(path), 0o700) })
	f := edit.New(path)
	if err := f.Writable(); !errors.Is(err, edit.ErrLocked) {
		t.Error(err)
	}
	if _, v, _ = f.Read(); v == "" {
		t.Fatal("no version")
	}
	if _, err := f.Put(v, bridge); !errors.Is(err, edit.ErrLocked) || contents(t, path) != secretText {
		t.Error(err)
	}
}

// What is wrong is told with its place in the campaign, in the campaign's own order, and
// apart from what is wrong elsewhere.
func TestCheck(t *testing.T) {
	cfg, err := config.Parse("winnow.yaml", []byte("campaigns: [{name: A, tags: [a, b]}]\nstore: {url: \"http://store.example:8123\", cluster: c}\nnotify: {receivers: [{name: r, url: \"ntfy://ntfy.example/a\", campaigns: [A]}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	inside, outside := edit.Check(cfg, config.Campaign{Name: "A", Tags: []string{"!", "a"}, KeepDays: 3, Declared: []config.Declared{day("", 2, 1, nil, nil)}})
	var paths []string
	for _, p := range inside {
		paths = append(paths, p.Path)
	}
	for _, path := range []string{"tags[0]", "keep_days", "declared[0]", "declared[0].name", "declared[0].to"} {
		if !strings.Contains(" "+strings.Join(paths, " ")+" ", " "+path+" ") {
			t.Errorf("%s is missing in %v", path, paths)
		}
	}
	if len(inside) != 5 || len(outside) != 0 {
		t.Errorf("inside %v, outside %v", inside, outside)
	}
	if inside, outside := edit.Check(cfg, config.Campaign{Name: "B", Tags: []string{"b"}}); len(inside)+len(outside) != 0 {
		t.Errorf("inside %v, outside %v", inside, outside)
	}
}
