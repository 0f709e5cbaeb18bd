package app_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
)

// serveFile runs a service of a configuration file until the test ends, and returns the
// desk's address. Adjust is called each time that the file is loaded.
func serveFile(ctx context.Context, t *testing.T, path string, deps app.Deps, adjust func(*config.Config)) string {
	t.Helper()
	ready := make(chan string, 10)
	s, err := app.NewService(path, adjust, deps, app.Role{Desk: true, Settle: true, Collect: true, Ready: func(url string) { ready <- url }})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case url := <-ready:
		return strings.TrimSuffix(url, "/")
	case err := <-ended:
		ended <- nil
		t.Fatalf("it ended: %v", err)
		return ""
	}
}

// open asks for a page, whatever its status.
func open(ctx context.Context, t *testing.T, method, address string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.StatusCode, string(body)
}

var version = regexp.MustCompile(`name="version" value="([0-9a-f]+)"`)

// draftOf fills the form at an address.
func draftOf(ctx context.Context, t *testing.T, address string, form url.Values) url.Values {
	t.Helper()
	_, page := open(ctx, t, http.MethodGet, address, nil)
	found := version.FindStringSubmatch(page)
	if found == nil {
		t.Fatalf("there is no form:\n%s", page)
	}
	form.Set("version", found[1])
	form.Set("action", "save")
	return form
}

// A campaign that is made in the pages is watched when the next page is there, and the
// file has its remarks; one that Winnow cannot work by is taken back, and said so; a file
// that is managed elsewhere stays as it is.
func TestServiceWorksByWhatIsSaved(t *testing.T) {
	t.Parallel()
	base, deps := setup(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	text := fmt.Sprintf("# Ours.\ndata_dir: %q\ndesk: {listen: \"127.0.0.1:0\"}\nengine: {library: %q} # the engine\ncampaigns:\n  # The first\n  - {name: Lanterns, tags: [lanterns]}\n",
		base.DataDir, base.Engine.Library)
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
		t.Fatal(err)
	}
	var broken atomic.Bool
	desk := serveFile(ctx, t, path, deps, func(cfg *config.Config) {
		if broken.Load() {
			cfg.Engine.Library = "/nonexistent/libchdb.so"
		}
	})

	// The redirect is answered by the next app: the address was never closed.
	code, page := open(ctx, t, http.MethodPost, desk+"/campaign/new", draftOf(ctx, t, desk+"/campaign/new", url.Values{"name": {"Bridge"}, "tags": {"#Bridge"}}))
	if code != http.StatusOK || !strings.Contains(page, "Winnow works by it now") {
		t.Fatalf("%d\n%s", code, page)
	}
	if _, page := open(ctx, t, http.MethodGet, desk+"/", nil); !strings.Contains(page, "Bridge") || !strings.Contains(page, "Lanterns") {
		t.Errorf("the campaigns:\n%s", page)
	}
	saved := contents(t, path)
	if want := text + "  - name: \"Bridge\"\n    tags:\n      - \"#Bridge\"\n"; saved != want {
		t.Errorf("the file is\n%s\nwant\n%s", saved, want)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file's mode: %v, %v", info.Mode(), err)
	}

	broken.Store(true)
	code, page = open(ctx, t, http.MethodPost, desk+"/campaign/edit?name=Bridge", draftOf(ctx, t, desk+"/campaign/edit?name=Bridge", url.Values{"tags": {"#Other"}}))
	if code != http.StatusOK || !strings.Contains(page, "took it back") || !strings.Contains(page, "#Bridge</textarea>") {
		t.Errorf("%d\n%s", code, page)
	}
	if got := contents(t, path); got != saved {
		t.Errorf("the file is\n%s\nwant\n%s", got, saved)
	}

	// A form from before is not taken over what somebody else wrote meanwhile.
	form := draftOf(ctx, t, desk+"/campaign/edit?name=Bridge", url.Values{"tags": {"#Third"}})
	if err := os.WriteFile(path, []byte("# Mine.\n"+saved), 0o640); err != nil {
		t.Fatal(err)
	}
	if code, page := open(ctx, t, http.MethodPost, desk+"/campaign/edit?name=Bridge", form); code != http.StatusConflict || !strings.Contains(page, "meanwhile") || !strings.Contains(page, "#Third</textarea>") {
		t.Errorf("%d\n%s", code, page)
	}

	managed := strings.Replace(saved, "desk: {", "desk: {campaigns: read-only, ", 1)
	if err := os.WriteFile(path, []byte(managed), 0o640); err != nil {
		t.Fatal(err)
	}
	form.Set("version", version.FindStringSubmatch(second(open(ctx, t, http.MethodGet, desk+"/campaign/new", nil)))[1])
	code, page = open(ctx, t, http.MethodPost, desk+"/campaign/edit?name=Bridge", form)
	if code != http.StatusOK || !strings.Contains(page, "managed elsewhere") || !strings.Contains(page, "#Third&#34;\n") || contents(t, path) != managed {
		t.Errorf("%d\n%s", code, page)
	}
}

func second[A, B any](_ A, b B) B { return b }

func contents(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// What cannot be started at the beginning is an error, and the file is left alone.
func TestServiceThatNeverStarts(t *testing.T) {
	t.Parallel()
	base, deps := setup(t)
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	if err := os.WriteFile(path, fmt.Appendf(nil, "data_dir: %q\nengine: {library: /nonexistent/libchdb.so}\n", base.DataDir), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := app.NewService(path, func(*config.Config) {}, deps, app.Role{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := app.NewService(filepath.Join(t.TempDir(), "missing.yaml"), func(*config.Config) {}, deps, app.Role{}); err == nil {
		t.Error("a file that is not there is no error")
	}
}
