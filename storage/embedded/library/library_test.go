package library

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// archive makes an npm archive with these files.
func archive(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, body := range files {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(body)), Mode: 0o755}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func integrity(b []byte) string {
	sum := sha512.Sum512(b)
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

// npm puts a client in the path that hands out the archive, or does what the
// script says, and counts its calls in the file it returns.
func npm(t *testing.T, archive []byte, script string) (calls string) {
	t.Helper()
	bin := t.TempDir()
	calls = filepath.Join(bin, "calls")
	if err := os.WriteFile(filepath.Join(bin, "archive"), archive, 0o600); err != nil {
		t.Fatal(err)
	}
	if script == "" {
		// npm pack NAME --silent --pack-destination DIR ...
		script = `/bin/cp "` + bin + `/archive" "$5/chdb.tgz"`
	}
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte("#!/bin/sh\necho \"$2\" >> '"+calls+"'\n"+script+"\n"), 0o700); err != nil { //nolint:gosec // it is to be run
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	return calls
}

func TestFetchPutsTheLibraryInPlace(t *testing.T) {
	const body = "the library"
	files := map[string]string{"package/index.js": "x", "package/libchdb.so": body, "package/../../libchdb.so": "elsewhere", "package/z.node": strings.Repeat("z", 1<<16)}
	b := archive(t, files)
	calls := npm(t, b, "")
	target := filepath.Join(t.TempDir(), "deep", "libchdb.so")
	p := source{name: "@chdb/test", integrity: integrity(b), size: int64(len(b))}
	var progress bytes.Buffer
	shared := &lockedWriter{w: &progress}
	// Several at once: one fetches, the others wait for it.
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := fetch(context.Background(), p, target, shared); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := os.ReadFile(target)
	if err != nil || string(got) != body {
		t.Errorf("got %q, %v", got, err)
	}
	asked, err := os.ReadFile(calls)
	if err != nil || string(asked) != "@chdb/test@"+Version+"\n" {
		t.Errorf("npm was asked for %q, %v", asked, err)
	}
	if text := progress.String(); !strings.Contains(text, "(100 %)") || !strings.Contains(text, target) {
		t.Errorf("progress: %s", text)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(target), "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("beside the library and the lock: %v, %v", left, err)
	}
}

type lockedWriter struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func TestFetchRefuses(t *testing.T) {
	good := archive(t, map[string]string{"package/libchdb.so": "the library"})
	other := archive(t, map[string]string{"package/libchdb.so": "another library"})
	empty := archive(t, map[string]string{"package/index.js": "x"})
	for name, tt := range map[string]struct {
		archive   []byte
		integrity string
		script    string
		want      string
	}{
		"another archive":     {other, integrity(good), "", "instead of " + integrity(good)},
		"bytes after the end": {append(bytes.Clone(good), 0), integrity(good), "", "unpack engine library: "},
		"cut short":           {good[:len(good)/2], integrity(good), "", "unpack engine library: "},
		"without a library":   {empty, integrity(empty), "", "the archive holds no libchdb"},
		"npm fails":           {good, integrity(good), "echo 'no such package' >&2; exit 1", "no such package"},
		"npm leaves nothing":  {good, integrity(good), "exit 0", "left 0 archives"},
		"no checksum":         {good, "", "", Variable},
	} {
		t.Run(name, func(t *testing.T) {
			npm(t, tt.archive, tt.script)
			target := filepath.Join(t.TempDir(), "libchdb.so")
			err := fetch(t.Context(), source{name: "@chdb/test", integrity: tt.integrity}, target, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if IsFile(target) {
				t.Error("there is a library all the same")
			}
		})
	}
	t.Run("no npm", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		err := fetch(t.Context(), source{name: "x", integrity: "y"}, filepath.Join(t.TempDir(), "z"), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), "npm client is needed") {
			t.Error(err)
		}
	})
}

func TestLibraryIsFound(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(Variable, "")
	if _, err := Find(dir); !errors.Is(err, ErrMissing) {
		t.Errorf("none: %v", err)
	}
	path := filepath.Join(dir, "libchdb.so")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(dir); got != path || err != nil {
		t.Errorf("in the cache: %q, %v", got, err)
	}
	if got, err := Fetch(t.Context(), dir, nil); got != path || err != nil {
		t.Errorf("fetched before: %q, %v", got, err)
	}
	own := filepath.Join(dir, "own.so")
	t.Setenv(Variable, own)
	if _, err := Find(dir); !errors.Is(err, ErrMissing) || !strings.Contains(fmt.Sprint(err), own) {
		t.Errorf("one's own, missing: %v", err)
	}
	if err := os.WriteFile(own, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(dir); got != own || err != nil {
		t.Errorf("one's own: %q, %v", got, err)
	}
}

func TestPlatforms(t *testing.T) {
	for _, platform := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64"} {
		goos, goarch, _ := strings.Cut(platform, "/")
		if p, err := packageFor(goos, goarch); err != nil || !strings.HasPrefix(p.name, "@chdb/lib-"+goos) {
			t.Errorf("%s: %+v, %v", platform, p, err)
		}
	}
	if _, err := packageFor("plan9", "amd64"); err == nil {
		t.Error("a library for plan9")
	}
}
