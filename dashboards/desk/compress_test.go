package desk

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Pages and assets come compressed to whoever takes that, with the same content;
// what an open page is told comes as it is, at once.
func TestCompression(t *testing.T) {
	h := newDesk(t, Options{Store: changedStore()})
	ask := func(target, encoding, tag string) *httptest.ResponseRecorder {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		if target != "/live" {
			ctx = t.Context()
		}
		r := httptest.NewRequestWithContext(ctx, http.MethodGet, target, nil)
		r.Host = "localhost:8080"
		r.Header.Set("Accept-Encoding", encoding)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	page := campaignURL(richName)
	_, rest, _ := strings.Cut(ask(page, "", "").Body.String(), `<link rel="stylesheet" href="`)
	sheet, _, _ := strings.Cut(rest, `"`)
	for _, target := range []string{page, sheet} {
		plain, packed := ask(target, "", ""), ask(target, "gzip", "")
		if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: encoded as %q, and %q where gzip is taken", target, plain.Header().Get("Content-Encoding"), packed.Header().Get("Content-Encoding"))
		}
		r, err := gzip.NewReader(packed.Body)
		if err != nil {
			t.Fatal(err)
		}
		size := packed.Body.Len()
		got, err := io.ReadAll(r)
		if err != nil || string(got) != plain.Body.String() {
			t.Errorf("%s: the content differs, %v", target, err)
		}
		if size > plain.Body.Len()/2 {
			t.Errorf("%s: %d bytes became %d", target, plain.Body.Len(), size)
		}
		if packed.Header().Get("Vary") == "" || packed.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: headers %v", target, packed.Header())
		}
	}
	if w := ask(sheet, "gzip", ask(sheet, "gzip", "").Header().Get("ETag")); w.Code != http.StatusNotModified {
		t.Errorf("a sheet that the browser has: status %d, want 304", w.Code)
	}
	if w := ask("/live", "gzip", ""); w.Header().Get("Content-Encoding") != "" || !strings.Contains(w.Body.String(), "event: state") {
		t.Errorf("news: encoded as %q: %q", w.Header().Get("Content-Encoding"), w.Body)
	}
}
