package problem

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrite(t *testing.T) {
	w := httptest.NewRecorder()
	Write(w, http.StatusBadRequest, "Two parameters are wrong.", Parameter{"limit", `write a number, not "<b>"`}, Parameter{"form", "there is none"})
	var got map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"title": "Bad Request", "status": 400.0, "detail": "Two parameters are wrong.",
		"parameters": []any{
			map[string]any{"name": "limit", "detail": `write a number, not "<b>"`},
			map[string]any{"name": "form", "detail": "there is none"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if w.Code != 400 || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestRefuse(t *testing.T) {
	for path, want := range map[string]struct{ kind, body string }{
		"/api/v1/status": {"application/problem+json", `{"title":"Forbidden","status":403,"detail":"Not so. Do this."}` + "\n"},
		"/api/":          {"application/problem+json", `{"title":"Forbidden","status":403,"detail":"Not so. Do this."}` + "\n"},
		"/about":         {"text/plain; charset=utf-8", "Not so.\nDo this.\n"},
		"/apiary":        {"text/plain; charset=utf-8", "Not so.\nDo this.\n"},
	} {
		w := httptest.NewRecorder()
		Refuse(w, httptest.NewRequest(http.MethodGet, path, nil), http.StatusForbidden, "Not so.\nDo this.")
		if w.Code != 403 || w.Header().Get("Content-Type") != want.kind || w.Body.String() != want.body {
			t.Errorf("%s: %d %s %q", path, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
}
