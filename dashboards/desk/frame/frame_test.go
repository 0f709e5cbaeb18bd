package frame

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
)

var testNow = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

// options are those of a frame with one page, which says its body.
func options() Options {
	return Options{
		Pages: fstest.MapFS{"templates/plain.html": {Data: []byte(`{{define "content"}}<p>{{shout .}}</p>{{end}}`)}},
		Names: []string{"plain"},
		Funcs: func(*words.Teller) template.FuncMap {
			return template.FuncMap{"shout": func(v any) string { return fmt.Sprint(v) + "!" }, "going": fmt.Sprint, "usual": fmt.Sprint}
		},
		Coverage: func(context.Context, time.Time) bool { return false },
		Sources:  func() []collectors.Status { return nil },
		Zone:     time.FixedZone("+04", 4*3600),
		Now:      func() time.Time { return testNow },
		Log:      slog.New(slog.DiscardHandler),
	}
}

func frameOf(t *testing.T, o Options) *Frame {
	t.Helper()
	// The shared parts call a template of package judge.
	for _, file := range o.Pages.(fstest.MapFS) {
		file.Data = append(file.Data, `{{define "verdict-tag"}}{{end}}`...)
	}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func asking(target string, cookies ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for _, c := range cookies {
		r.Header.Add("Cookie", c)
	}
	return r
}

// shown is a page as somebody gets it.
func shown(f *Frame, r *http.Request, body any) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.Render(w, r, http.StatusOK, "plain", "A page", body)
	return w
}

func TestNewRefusesBrokenTemplates(t *testing.T) {
	for name, broken := range map[string]string{"syntax": `{{define "content"}}{{if}}{{end}}`, "function": `{{define "content"}}{{nobody}}{{end}}`} {
		o := options()
		o.Pages = fstest.MapFS{"templates/plain.html": {Data: []byte(broken)}}
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), "plain") {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := options()
	o.Names = append(o.Names, "missing")
	if _, err := New(o); err == nil {
		t.Error("a page without a template was taken")
	}
}

// A page that breaks in its middle is an error as a whole, and the log says which it was.
func TestHalfAPageIsNone(t *testing.T) {
	var logged bytes.Buffer
	o := options()
	o.Log = slog.New(slog.NewTextHandler(&logged, nil))
	o.Pages = fstest.MapFS{"templates/plain.html": {Data: []byte(`{{define "content"}}<p>begun</p>{{.Nothing}}{{end}}`)}}
	w := shown(frameOf(t, o), asking("/"), 7)
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "begun") || !strings.Contains(logged.String(), "page=plain") {
		t.Errorf("%d %s, logged %s", w.Code, w.Body, logged.String())
	}
}

// What a reader chose counts before what the browser asks for, and that before what whoever
// runs Winnow set; what is neither is as if it were not there.
func TestLanguages(t *testing.T) {
	o := options()
	french, ok := catalogue.Find("fr")
	if !ok {
		t.Fatal("there is no French")
	}
	for _, test := range []struct {
		own            catalogue.Language
		accept, cookie string
		want           string
	}{
		{catalogue.Language{}, "", "", "en"},
		{french, "", "", "fr"},
		{french, "es-MX,es;q=0.9", "", "es"},
		{french, "az", "", "fr"},
		{french, "es", "ar", "ar"},
		{french, "es", "../../etc", "es"},
	} {
		o.Language = test.own
		r := asking("/")
		r.Header.Set("Accept-Language", test.accept)
		if test.cookie != "" {
			r.AddCookie(&http.Cookie{Name: LanguageCookie, Value: test.cookie})
		}
		f := frameOf(t, o)
		page := shown(f, r, 1).Body.String()
		direction := "ltr"
		if test.want == "ar" {
			direction = "rtl"
		}
		if !strings.Contains(page, `<html lang="`+test.want+`" dir="`+direction+`">`) || f.LanguageOf(r).Code != test.want {
			t.Errorf("%+v: shown in %s", test, f.LanguageOf(r).Code)
		}
		if n := strings.Count(page, `href="/language?`); n != len(catalogue.Languages())-1 {
			t.Errorf("%+v: %d other languages are offered", test, n)
		}
	}
}

// Times are told in the operator's zone, and in UTC after one click; who is in UTC already
// is offered nothing.
func TestZones(t *testing.T) {
	f := frameOf(t, options())
	for cookie, want := range map[string][2]string{
		"": {"22:30", "show=utc"}, "zone=utc": {"18:30", "show=own"}, "zone=own": {"22:30", "show=utc"}, "zone=Mars": {"22:30", "show=utc"},
	} {
		page := shown(f, asking("/campaign?name=a%26b", cookie), 1).Body.String()
		if !strings.Contains(page, want[0]+":00") || !strings.Contains(page, want[1]) || !strings.Contains(page, "next=%2Fcampaign%3Fname%3Da%2526b") {
			t.Errorf("%q: not %v", cookie, want)
		}
	}
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("UTC", 0)} {
		o := options()
		o.Zone = zone
		if page := shown(frameOf(t, o), asking("/"), 1).Body.String(); strings.Contains(page, ZonePath+"?") {
			t.Error("UTC is offered beside UTC")
		}
	}
}

// A choice is remembered if it is one of those offered, by a cookie that no script reads,
// and leads back to a page of the desk, never elsewhere.
func TestChoices(t *testing.T) {
	f := frameOf(t, options())
	for _, test := range []struct {
		choose func(http.ResponseWriter, *http.Request)
		query  string
		cookie string
		to     string
	}{
		{f.ChooseZone, "show=utc&next=%2Fcoverage", "zone=utc", "/coverage"},
		{f.ChooseZone, "show=own&next=https%3A%2F%2Fevil.example%2F", "zone=own", "/"},
		{f.ChooseZone, "show=Mars&next=%2F%2Fevil.example", "", "/"},
		{f.ChooseLanguage, "to=ar&next=%2Fabout", "language=ar", "/about"},
		{f.ChooseLanguage, "to=tlh&next=%2F%5Cevil.example", "", "/"},
	} {
		w := httptest.NewRecorder()
		test.choose(w, asking("/choose?"+test.query))
		cookie := w.Header().Get("Set-Cookie")
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != test.to || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d to %q", test.query, w.Code, w.Header().Get("Location"))
		}
		if (cookie == "") != (test.cookie == "") || !strings.HasPrefix(cookie, test.cookie) || cookie != "" && (!strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax")) {
			t.Errorf("%s: cookie %q", test.query, cookie)
		}
	}
}

// The head tells how the process is, and is fine only if nobody has to look.
func TestStatus(t *testing.T) {
	for _, test := range []struct {
		status Status
		says   string
		fine   bool
	}{
		{Status{EngineUp: true, LastPost: testNow.Add(-2 * time.Minute)}, "Last post 2 minutes ago", true},
		{Status{EngineUp: true}, "No new post since Winnow was started", true},
		{Status{EngineUp: true, LastPost: testNow, Waiting: waitingWorthSaying - 1}, "Last post just now</span>", true},
		{Status{EngineUp: true, LastPost: testNow, Waiting: waitingWorthSaying}, "the numbers are behind by 10 batches of posts", false},
		{Status{LastPost: testNow, Waiting: 3}, "The store does not answer", false},
		{Status{EngineUp: true, LastPost: testNow, Notes: []string{"<b>a source</b> stopped"}}, "&lt;b&gt;a source&lt;/b&gt; stopped", false},
	} {
		o := options()
		o.Status = func() Status { return test.status }
		f := frameOf(t, o)
		page := shown(f, asking("/"), 1).Body.String()
		if !strings.Contains(page, test.says) || strings.Contains(page, "status-amiss") == test.fine {
			t.Errorf("%+v: does not say %q, or is fine", test.status, test.says)
		}
		live := f.LiveState()
		if live.Fine != test.fine || !live.LastPost.Equal(test.status.LastPost) || !strings.Contains(page, live.Words(asking("/"))) {
			t.Errorf("%+v: an open page is told %q, fine %v", test.status, live.Words(asking("/")), live.Fine)
		}
	}
	if page := shown(frameOf(t, options()), asking("/"), 1).Body.String(); strings.Contains(page, `class="status`) {
		t.Error("a status is told where nobody knows any")
	}
}

// What the store said goes to the log and not to a reader; who left gets nothing.
func TestFail(t *testing.T) {
	var logged bytes.Buffer
	o := options()
	o.Log = slog.New(slog.NewTextHandler(&logged, nil))
	f := frameOf(t, o)
	for says, err := range map[string]error{"The store does not answer": errors.New("host-7 is full"), "This takes too long": fmt.Errorf("host-7: %w", context.DeadlineExceeded)} {
		logged.Reset()
		w := httptest.NewRecorder()
		f.Fail(w, asking("/"), "read a moon", err)
		if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), says) || strings.Contains(w.Body.String(), "host-7") || !strings.Contains(logged.String(), "host-7") {
			t.Errorf("%v: %d, logged %s", err, w.Code, logged.String())
		}
	}
	logged.Reset()
	ctx, leave := context.WithCancel(t.Context())
	leave()
	w := httptest.NewRecorder()
	f.Fail(w, asking("/").WithContext(ctx), "read a moon", context.Canceled)
	if w.Body.Len() > 0 || logged.Len() > 0 {
		t.Errorf("%s, logged %s", w.Body, logged.String())
	}
}

// The log-in tells nothing about what lies behind it.
func TestLogInIsClosed(t *testing.T) {
	o := options()
	o.Version, o.Status = "v9", func() Status { return Status{EngineUp: true, Notes: []string{"a source stopped"}} }
	w := httptest.NewRecorder()
	frameOf(t, o).ShowLogIn(w, asking("/login"), http.StatusOK, access.Form{Next: "/coverage"})
	page := w.Body.String()
	for _, behind := range []string{"v9", "a source stopped", "<script", "/alerts", "Last post"} {
		if strings.Contains(page, behind) {
			t.Errorf("it tells %q", behind)
		}
	}
	if !strings.Contains(page, `name="next" value="/coverage"`) {
		t.Error("it does not lead to where its reader wanted")
	}
}

// A file's address changes with its content, so that a browser keeps it for good by that
// address alone.
func TestAssets(t *testing.T) {
	f := frameOf(t, options())
	mux := http.NewServeMux()
	mux.HandleFunc("/assets/{name}", f.ServeAsset)
	ask := func(target, tag string) *httptest.ResponseRecorder {
		r := asking(target)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
	address := f.Asset("desk.css")
	w := ask(address, "")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || !strings.Contains(w.Body.String(), "--ink:") {
		t.Errorf("%s: %d %v", address, w.Code, w.Header())
	}
	if again := ask(address, w.Header().Get("ETag")); again.Code != http.StatusNotModified {
		t.Errorf("what the browser has is sent again: %d", again.Code)
	}
	for _, old := range []string{"/assets/desk.css", "/assets/desk.css?v=0123456789abcdef"} {
		if w := ask(old, ""); w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s may be kept: %q", old, w.Header().Get("Cache-Control"))
		}
	}
	for _, none := range []string{"/assets/none.css", "/assets/%2e%2e%2fframe.go", "/assets/assets%2Fdesk.css"} {
		if w := ask(none, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", none, w.Code)
		}
	}
}
