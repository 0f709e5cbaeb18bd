package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/api/endpoint"
)

var update = flag.Bool("update", false, "rewrite golden files")

// asked is an answer, which the description allows.
type asked struct {
	Code int
	http.Header
	Body []byte
}

// ask sends a request from somebody who may read, and fails the test unless the
// answer is as openapi.yaml says.
func ask(t *testing.T, o Options, method, target string) asked {
	t.Helper()
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, target, nil)
	w := httptest.NewRecorder()
	pattern := ""
	access.Everyone(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		pattern = r.Pattern
	})).ServeHTTP(w, r)
	got := asked{w.Code, w.Header(), w.Body.Bytes()}
	described(t, r, pattern, got)
	if cache := got.Get("Cache-Control"); cache != "no-store" {
		t.Errorf("%s: Cache-Control %q", target, cache)
	}
	return got
}

// segment encodes a name as one part of an address.
func segment(name string) string { return url.PathEscape(name) }

// golden compares an answer, indented, with a file.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, body, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, pretty.Bytes(), 0o644); err != nil { //nolint:gosec // for everybody to read
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with -update", err)
	}
	if diff := cmp.Diff(string(want), pretty.String()); diff != "" {
		t.Errorf("%s: %s", path, diff)
	}
}

func TestAnswers(t *testing.T) {
	march := root + "/campaigns/" + segment(lanterns)
	for name, target := range map[string]string{
		"status":           root + "/status",
		"campaigns":        root + "/campaigns",
		"campaign":         march,
		"campaign-unknown": root + "/campaigns/" + segment(parks),
		"campaign-empty":   root + "/campaigns/" + segment(empty),
		"series":           march + "/series?from=2031-06-12T17:00:00Z&to=2031-06-12T18:30:00Z&step=hour",
		"findings":         march + "/findings",
		"finding":          march + "/findings/c0ffee01",
		"finding-hidden":   march + "/findings/c0ffee02",
		"finding-contents": march + "/findings/c0ffee02?contents=true",
		"changes":          march + "/changes",
		"change":           march + "/changes/c2",
		"change-hidden":    march + "/changes/c3",
		"times":            march + "/findings/c0ffee01/times",
		"times-none":       march + "/findings/c0ffee02/times",
		"network":          march + "/findings/c0ffee01/network",
		"network-hidden":   march + "/findings/c0ffee02/network",
		"people":           march + "/people",
		"person":           march + "/people/mastodon:lantern_anna",
		"person-contents":  march + "/people/mastodon%3Alantern_anna?contents=true",
		"replay":           march + "/replay?from=2031-06-12T15:00:00Z&to=2031-06-12T18:30:00Z&at=2031-06-12T17:05:00Z",
		"replay-empty":     root + "/campaigns/" + segment(empty) + "/replay",
		"alerts":           root + "/alerts",
		"sources":          root + "/sources",
		"coverage":         root + "/coverage",
		"gaps":             root + "/gaps?campaign=" + url.QueryEscape(lanterns),
		"gaps-all":         root + "/gaps?limit=1&offset=1",
	} {
		t.Run(name, func(t *testing.T) {
			got := ask(t, newOptions(nil), http.MethodGet, target)
			if got.Code != http.StatusOK || got.Get("Content-Type") != "application/json" {
				t.Fatalf("%d %s: %s", got.Code, got.Get("Content-Type"), got.Body)
			}
			golden(t, name, got.Body)
		})
	}
}

// Property: what a pile-on says is in no answer that did not ask for it, and neither
// is what rose in its time.
func TestContentsAreHidden(t *testing.T) {
	march := root + "/campaigns/" + segment(lanterns)
	for target, shows := range map[string]bool{
		"/findings/c0ffee01": true, "/findings/c0ffee02": false, "/findings/c0ffee02?contents=false": false, "/findings/c0ffee02?contents=true": true,
		"/changes/c3": false, "/changes/c3?contents=true": true, "/changes/c2": true, "/findings": false, "/changes": false, "": false,
		"/people": false, "/people/mastodon:lantern_anna": false, "/people/mastodon:lantern_anna?contents=true": true, "/people/quiet_leyla": false,
		"/findings/c0ffee02/times": false, "/findings/c0ffee02/network": false, "/findings/c0ffee02/network?contents=true": true, "/findings/c0ffee01/network": true, "/replay": false,
	} {
		body := string(ask(t, newOptions(nil), http.MethodGet, march+target).Body)
		says := func(content string) bool {
			part := "/findings"
			switch content {
			case "praise", "news.example":
				part = "/changes"
			case "go home":
				part = "/people"
			case `"h1"`: // what joins accounts names objects, and has no texts
				return shows && strings.Contains(target, "/findings/")
			}
			return shows && strings.HasPrefix(target, part) && !strings.Contains(target, "/network")
		}
		for _, content := range []string{"wonderful", "ما أجمل", "praise", "news.example", "go home", `"h1"`} {
			if got := strings.Contains(body, content); got != says(content) {
				t.Errorf("%s says %q: %v", target, content, got)
			}
		}
		if strings.Contains(body, "is gone") || strings.Contains(body, "javascript:") || strings.Contains(body, "post/2") {
			t.Errorf("%s tells of a deleted post, or links to what no browser should open", target)
		}
	}
}

func TestProblems(t *testing.T) {
	march := root + "/campaigns/" + segment(lanterns)
	for _, test := range []struct {
		method, target string
		status         int
		says           []string
	}{
		{"GET", root + "/nope", 404, []string{"Nothing is at this address", "openapi.yaml"}},
		{"GET", root, 404, []string{"Nothing is at this address"}},
		{"GET", root + "/campaigns/", 404, []string{"Nothing is at this address"}},
		{"GET", march + "/", 404, []string{"Nothing is at this address"}},
		{"GET", root + "/campaigns/nope", 404, []string{"There is no such campaign"}},
		{"GET", root + "/campaigns/nope/series", 404, []string{"There is no such campaign"}},
		{"GET", root + "/campaigns/nope/findings", 404, []string{"There is no such campaign"}},
		{"GET", root + "/campaigns/nope/changes", 404, []string{"There is no such campaign"}},
		{"GET", root + "/coverage?campaign=nope", 404, []string{"There is no such campaign"}},
		{"GET", root + "/gaps?campaign=nope", 404, []string{"There is no such campaign"}},
		{"GET", march + "/findings/nope", 404, []string{"There is no such finding"}},
		{"GET", root + "/campaigns/nope/findings/c0ffee01", 404, []string{"There is no such finding"}},
		{"GET", march + "/findings/nope/times", 404, []string{"There is no such finding"}},
		{"GET", march + "/findings/nope/network", 404, []string{"There is no such finding"}},
		{"GET", root + "/campaigns/nope/people", 404, []string{"There is no such campaign"}},
		{"GET", march + "/people/nope", 404, []string{"There is no such person"}},
		{"GET", march + "/people/", 404, []string{"Nothing is at this address"}},
		{"GET", root + "/campaigns/nope/replay", 404, []string{"There is no such campaign"}},
		{"GET", march + "/replay?at=2031-06-11T00:00:00Z", 400, []string{`"at"`, "before the beginning of the replay, which is 2031-06-12T15:"}},
		{"GET", march + "/replay?from=2031-06-12T18:00:00Z&to=2031-06-12T17:00:00Z", 400, []string{"has to lie before to"}},
		{"GET", march + "/replay?to=2030-01-01T00:00:00Z", 400, []string{`"from"`, "give both"}},
		{"GET", march + "/people/quiet_leyla?texts=1", 400, []string{"there are contents"}},
		{"POST", root + "/alerts", 405, []string{"can only be read"}},
		{"GET", march + "/changes/nope", 404, []string{"There is no such change"}},
		{"GET", march + "/series?form=2031-06-12&step=week&from=x&to=y", 400, []string{`"form"`, `"step"`, `"from"`, `"to"`}},
		{"GET", march + "/series?from=2031-06-12T18:00:00Z&to=2031-06-12T17:00:00Z", 400, []string{"has to lie before to"}},
		{"GET", march + "/series?to=2030-01-01T00:00:00Z", 400, []string{"before the first post, which is of 2031-06-12T12:30:00Z"}},
		{"GET", march + "/series?from=2021-06-12T18:00:00Z&step=minute", 400, []string{`"step"`, "more buckets than one answer holds"}},
		{"GET", march + "/series?from=2016-06-12T18:00:00Z", 400, []string{`"step"`, "more buckets than one answer holds"}},
		{"GET", march + "/findings?standing=withdrawn&limit=201", 400, []string{`"withdrawn\" is none of: undeclared, early, declared, rejected`, "from 1 to 200"}},
		{"GET", march + "?contents=true", 400, []string{"there is no such parameter here"}},
		{"GET", march + "/findings/c0ffee02?contents=1", 400, []string{"none of: false, true"}},
		{"GET", root + "/status?token=winnow_x", 400, []string{"a token is never read from the address"}},
		{"POST", march, 405, []string{"can only be read"}},
		{"DELETE", march + "/findings/c0ffee01", 405, []string{"can only be read"}},
		{"POST", root + "/nope", 405, []string{"can only be read"}},
	} {
		t.Run(test.method+" "+test.target, func(t *testing.T) {
			got := ask(t, newOptions(nil), test.method, test.target)
			if got.Code != test.status || got.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%d %s", got.Code, got.Get("Content-Type"))
			}
			for _, says := range test.says {
				if !strings.Contains(string(got.Body), says) {
					t.Errorf("does not say %q: %s", says, got.Body)
				}
			}
			if allow := got.Get("Allow"); (allow == "GET, HEAD") != (test.status == 405) {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

// A refused query has asked the store for nothing.
func TestNothingIsReadForARefusedQuery(t *testing.T) {
	s := newStore()
	for path := range (&api{}).routes() {
		target := root + strings.NewReplacer("{campaign}", segment(lanterns), "{finding}", "c0ffee01", "{change}", "c2", "{person}", "quiet_leyla").Replace(path)
		if got := ask(t, newOptions(s), http.MethodGet, target+"?nobody=asked"); got.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", target, got.Code)
		}
	}
	if len(s.asked) > 0 {
		t.Errorf("the store was asked: %v", s.asked)
	}
}

// What is asked of the store is what was asked for.
func TestTimes(t *testing.T) {
	march := root + "/campaigns/" + segment(lanterns)
	for target, want := range map[string]string{
		march + "/series":           "series 2031-06-12T12:30:00Z 2031-06-12T18:29:00Z 1m0s",
		march + "/series?step=hour": "series 2031-06-12T12:00:00Z 2031-06-12T19:00:00Z 1h0m0s",
		march + "/series?from=2031-06-11T00:00:00%2B04:00&to=2031-06-12T00:00:00Z&step=day": "series 2031-06-10T00:00:00Z 2031-06-12T00:00:00Z 24h0m0s",
		root + "/coverage": `coverage "" 2031-06-11T18:30:00Z 2031-06-12T18:30:00Z`,
		root + "/coverage?campaign=Not%20begun&from=2031-06-12T00:00:00Z&to=2040-01-01T00:00:00Z": `coverage "Not begun" 2031-06-12T00:00:00Z 2031-06-12T18:30:00Z`,
		root + "/gaps":                         `gaps "" 2031-05-13T18:30:00Z 2031-06-12T18:30:00Z`,
		root + "/gaps?to=2031-06-01T00:00:00Z": `gaps "" 2031-05-02T00:00:00Z 2031-06-01T00:00:00Z`,
	} {
		s := newStore()
		if got := ask(t, newOptions(s), http.MethodGet, target); got.Code != http.StatusOK {
			t.Errorf("%s: %d %s", target, got.Code, got.Body)
		}
		if all := strings.Join(s.asked, "\n"); !strings.Contains(all+"\n", want+"\n") {
			t.Errorf("%s asks\n%s\nwant %s", target, all, want)
		}
	}
}

// Going from part to part one meets every row once.
func TestParts(t *testing.T) {
	s := newStore()
	one := s.findings[0]
	for i := range 450 {
		one.ID, one.EndedAt = fmt.Sprint("more-", i), ago(time.Duration(i)*time.Second)
		s.findings = append(s.findings, one)
	}
	seen := map[string]bool{}
	next := pointer(0)
	for asks := 0; next != nil; asks++ {
		if asks == 3 {
			t.Fatal("the parts do not end")
		}
		got := ask(t, newOptions(s), http.MethodGet, fmt.Sprintf("%s/campaigns/%s/findings?offset=%d", root, segment(lanterns), *next))
		var part struct {
			Findings []struct{ ID string }
			Page     struct {
				Total int
				Next  *int `json:"next_offset"`
			}
		}
		if err := json.Unmarshal(got.Body, &part); err != nil || part.Page.Total != 454 || len(part.Findings) > 200 {
			t.Fatalf("%v: %d of %d rows", err, len(part.Findings), part.Page.Total)
		}
		for _, f := range part.Findings {
			if seen[f.ID] {
				t.Errorf("%s comes twice", f.ID)
			}
			seen[f.ID] = true
		}
		next = part.Page.Next
	}
	if len(seen) != 454 {
		t.Errorf("%d findings came", len(seen))
	}
	if got := ask(t, newOptions(s), http.MethodGet, root+"/campaigns/"+segment(lanterns)+"/findings?offset=9999"); !bytes.Contains(got.Body, []byte(`"findings":[]`)) || !bytes.Contains(got.Body, []byte(`"next_offset":null`)) {
		t.Errorf("beyond the end: %s", got.Body)
	}
}

// A store that fails is told in plain words; the details go to the log only.
func TestStoreErrors(t *testing.T) {
	for path := range (&api{}).routes() {
		if path == "/status" || path == "/alerts" {
			continue // they ask the process
		}
		var logged bytes.Buffer
		s := newStore()
		s.err = errors.New("code 241: memory limit of secret-host exceeded")
		o := newOptions(s)
		o.Log = slog.New(slog.NewTextHandler(&logged, nil))
		target := root + strings.NewReplacer("{campaign}", segment(lanterns), "{finding}", "c0ffee01", "{change}", "c2", "{person}", "quiet_leyla").Replace(path)
		got := ask(t, o, http.MethodGet, target)
		if got.Code != http.StatusServiceUnavailable || got.Get("Retry-After") == "" || bytes.Contains(got.Body, []byte("secret-host")) {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
		if n := strings.Count(logged.String(), "secret-host"); n != 1 || strings.Contains(logged.String(), lanterns) {
			t.Errorf("%s: logged %d times: %s", path, n, logged.String())
		}
	}
}

func TestSlowStoreIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStore()
		s.block = true
		began := time.Now()
		got := ask(t, newOptions(s), http.MethodGet, root+"/campaigns")
		if took := time.Since(began); took != endpoint.Timeout || got.Code != http.StatusServiceUnavailable || !bytes.Contains(got.Body, []byte("within 20 seconds")) {
			t.Errorf("%v: %d %s", took, got.Code, got.Body)
		}
	})
}

// Nobody reads who is nobody, whatever they ask for.
func TestNobodyReads(t *testing.T) {
	h, err := New(newOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/status", "/campaigns", "/openapi.yaml", "/nope"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, root+path, nil))
		if path != "/nope" && w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), lanterns) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestHeadHasNoBody(t *testing.T) {
	h, err := New(newOptions(nil))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(access.Everyone(h))
	defer server.Close()
	for path, want := range map[string]int{"/campaigns": 200, "/openapi.yaml": 200, "/nope": 404, "/campaigns?x=y": 400} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+root+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err := errors.Join(err, res.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != want || len(body) > 0 || res.Header.Get("Content-Type") == "" {
			t.Errorf("%s: %d with %d bytes of %s", path, res.StatusCode, len(body), res.Header.Get("Content-Type"))
		}
	}
}

// Without a process and sources to ask, what they would tell is null.
func TestStatusOfNothing(t *testing.T) {
	got := ask(t, Options{Store: &fakeStore{}, Demo: true, Now: func() time.Time { return testNow }}, http.MethodGet, root+"/status")
	want := `{"version":"","demo":true,"now":"2031-06-12T18:30:00Z","process":null,"sources":{"says":null,"fine":true},"reader":{"kind":"anyone","name":null,"role":"admin"}}` + "\n"
	if diff := cmp.Diff(want, string(got.Body)); diff != "" {
		t.Error(diff)
	}
}

func TestNewRefuses(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("an API without a store was built")
	}
}

// A reader who left gets no answer, and the log nothing to say.
func TestReaderLeft(t *testing.T) {
	var logged bytes.Buffer
	s := newStore()
	s.err = context.Canceled
	o := newOptions(s)
	o.Log = slog.New(slog.NewTextHandler(&logged, nil))
	h, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	access.Everyone(h).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, root+"/campaigns", nil))
	if w.Body.Len() > 0 || logged.Len() > 0 {
		t.Errorf("%s, logged: %s", w.Body, logged.String())
	}
}

// What a person judged wrong is listed only for who asks for it.
func TestRejected(t *testing.T) {
	for query, want := range map[string]bool{"": false, "?standing=undeclared": false, "?standing=rejected": true} {
		got := ask(t, newOptions(nil), "GET", root+"/campaigns/"+segment(lanterns)+"/findings"+query)
		if has := strings.Contains(string(got.Body), `"c0ffee05"`); got.Code != 200 || has != want {
			t.Errorf("findings%s: %d, the rejected one is listed: %v, want %v", query, got.Code, has, want)
		}
	}
}
