package desk

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/finding"
	"winnow/storage"
)

// send posts a form as a page of the desk itself does.
func send(t testing.TB, h http.Handler, target string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	r.Host = "localhost:8080"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func verdict(word, note string) url.Values { return url.Values{"verdict": {word}, "note": {note}} }

func TestVerdictIsRecordedAndTold(t *testing.T) {
	s := richStore()
	h := newDesk(t, Options{Store: s, Verdicts: s})
	page := get(t, h, findingURL(richName, "c0ffee01")).Body.String()
	wantText(t, page, "No verdict of a person counts now.", "Give your verdict", "counts nobody as coordinated", "up to 2,000 characters")
	wantNoText(t, page, "Take the verdict back", "on record Judged")
	before := get(t, h, campaignURL(richName)).Body.String()
	wantText(t, before, "4 findings")
	wantNoText(t, before, "Judged wrong", "Somebody judged a finding")

	w := send(t, h, findingURL(richName, "c0ffee01"), verdict("wrong", "a timetable <b>\r\nof the trams"))
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != finding.Address(richName, "c0ffee01")+"#verdict" {
		t.Fatalf("%d to %q: %s", w.Code, at, w.Body)
	}
	if want := (storage.Verdict{Campaign: richName, Finding: "c0ffee01", Judgement: storage.Wrong, Note: "a timetable <b>\nof the trams", At: testNow}); len(s.verdicts) != 1 || s.verdicts[0] != want {
		t.Fatalf("recorded %+v", s.verdicts)
	}
	page = get(t, h, findingURL(richName, "c0ffee01")).Body.String()
	wantText(t, page, "judged wrong", "A person judged this finding wrong. It counts nobody as coordinated", "by somebody at this desk, 12 Jun 2031, 18:30:00 UTC (just now)",
		"a timetable &lt;b&gt; of the trams", "Take the verdict back", "1 verdict on record")

	// It leaves the answers at once, and can be found again.
	after := get(t, h, campaignURL(richName)).Body.String()
	wantText(t, after, "3 findings", "Somebody judged a finding within the last minutes.", "Judged wrong People looked at these")
	_, rejected, _ := strings.Cut(after, `id="rejected"`)
	if !strings.Contains(rejected, "c0ffee01") || strings.Count(after, "id=c0ffee01") != 1 {
		t.Error("the finding is not among those that were judged wrong, or elsewhere too")
	}

	if w := send(t, h, findingURL(richName, "c0ffee01"), verdict("explained", "our own call")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	wantText(t, get(t, h, campaignURL(richName)).Body.String(), "4 findings", "explained These 41")
	if w := send(t, h, findingURL(richName, "c0ffee01"), verdict("take-back", "")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	page = get(t, h, findingURL(richName, "c0ffee01")).Body.String()
	wantText(t, page, "No verdict of a person counts now.", "3 verdicts on record taken back by", "explained by", "judged wrong by")
}

func TestVerdictThatIsNotTaken(t *testing.T) {
	s := richStore()
	h := newDesk(t, Options{Store: s, Verdicts: s})
	for name, test := range map[string]struct {
		target string
		form   url.Values
		change func(*http.Request)
		status int
		says   string
	}{
		"nothing chosen":   {form: verdict("", "because"), status: 422, says: "Choose what you say of this finding."},
		"too long":         {form: verdict("wrong", strings.Repeat("ə", 2001)), status: 422, says: "The note has 2,001 characters; up to 2,000 fit."},
		"control letters":  {form: verdict("wrong", "a\x1b[2Jb"), status: 422, says: "characters that are no text"},
		"much too long":    {form: verdict("wrong", strings.Repeat("a", 40_000)), status: 413, says: "more than a verdict and a note"},
		"half a form":      {form: url.Values{}, change: func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded; =") }, status: 400, says: "did not arrive"},
		"no such finding":  {target: findingURL(richName, "nope"), form: verdict("wrong", ""), status: 404, says: "There is no such finding"},
		"another campaign": {target: findingURL(quietName, "c0ffee01"), form: verdict("wrong", ""), status: 404, says: "There is no such finding"},
		"another site":     {form: verdict("wrong", ""), change: func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, status: 403, says: "another web page"},
		"another origin": {form: verdict("wrong", ""), change: func(r *http.Request) {
			r.Header.Del("Sec-Fetch-Site")
			r.Header.Set("Origin", "http://evil.example")
		}, status: 403, says: "another web page"},
		"another host name": {form: verdict("wrong", ""), change: func(r *http.Request) { r.Host = "evil.example" }, status: 421, says: "this host name"},
		"no form's address": {target: campaignURL(richName), form: verdict("wrong", ""), status: 405, says: "can only be read"},
		"of the list":       {target: "/campaign/finding/list?name=a&id=b", form: verdict("wrong", ""), status: 405, says: "can only be read"},
	} {
		t.Run(name, func(t *testing.T) {
			if test.target == "" {
				test.target = findingURL(richName, "c0ffee01")
			}
			if test.change == nil {
				test.change = func(*http.Request) {}
			}
			w := send(t, h, test.target, test.form, test.change)
			if w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			wantText(t, w.Body.String(), test.says)
			if len(s.verdicts) != 0 {
				t.Errorf("recorded %+v", s.verdicts)
			}
		})
	}
	// What was written comes back, to be mended.
	page := send(t, h, findingURL(richName, "c0ffee01"), verdict("", "because of </textarea><b>")).Body.String()
	if !strings.Contains(page, "because of &lt;/textarea&gt;&lt;b&gt;</textarea>") || !strings.Contains(page, `<details class="judge" open>`) {
		t.Error("the note is lost")
	}
}

// Without anybody to take verdicts the page is for reading.
func TestNobodyAsksForVerdictsThatNobodyTakes(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	wantNoText(t, get(t, h, findingURL(richName, "c0ffee01")).Body.String(), "Give your verdict")
	if w := send(t, h, findingURL(richName, "c0ffee01"), verdict("wrong", "")); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("status %d", w.Code)
	}
}

// failing takes no verdict.
type failing struct{ err error }

func (f failing) Judge(context.Context, storage.Verdict) error { return f.err }

func TestVerdictThatTheStoreRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"down": {errors.New("code 241: memory limit of secret-host exceeded"), 503, "The verdict was not recorded The store did not take it"},
		"gone": {storage.ErrNoFinding, 404, "There is no such finding"},
	} {
		t.Run(name, func(t *testing.T) {
			w := send(t, newDesk(t, Options{Store: richStore(), Verdicts: failing{test.err}}), findingURL(richName, "c0ffee01"), verdict("wrong", "x"))
			if w.Code != test.status || strings.Contains(w.Body.String(), "secret-host") {
				t.Errorf("%d %s", w.Code, w.Body)
			}
			wantText(t, w.Body.String(), test.says)
		})
	}
}

// reader is somebody's browser at a desk with users.
type reader struct {
	desk http.Handler
	// as makes a request one of theirs.
	as func(*http.Request)
	// log is the audit log, path where it lies.
	log  *audit.Log
	path string
	book *fakeBook
}

// loggedIn is a user of a role, at a desk that change may add to.
func loggedIn(t *testing.T, s *fakeStore, role user.Role, change ...func(*Options)) reader {
	t.Helper()
	dir := t.TempDir()
	u, err := user.New("bela", role, annasPassword, user.Least())
	if err == nil {
		err = user.Change(filepath.Join(dir, "users"), func(l user.List) (user.List, error) { return l.With(u), nil })
	}
	users, err2 := access.OpenUsers(filepath.Join(dir, "users"))
	b := reader{path: filepath.Join(dir, "audit.jsonl"), book: &fakeBook{}}
	var err3 error
	b.log, err3 = audit.Open(b.path)
	if err := errors.Join(err, err2, err3); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.log.Close() })
	o := Options{Store: s, Verdicts: s, Campaigns: b.book, Access: &access.Options{Users: users, Audit: b.log}}
	for _, c := range change {
		c(&o)
	}
	b.desk = newDesk(t, o)
	in := send(t, b.desk, "/login", url.Values{"name": {"bela"}, "password": {annasPassword}})
	b.as = func(r *http.Request) {
		for _, c := range in.Result().Cookies() {
			r.AddCookie(c)
		}
	}
	return b
}

// get asks for a page.
func (b reader) get(target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Host = "localhost:8080"
	b.as(r)
	w := httptest.NewRecorder()
	b.desk.ServeHTTP(w, r)
	return w
}

func TestVerdictsNeedTheRoleAndAreAudited(t *testing.T) {
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: true, user.Admin: true} {
		t.Run(string(role), func(t *testing.T) {
			s := richStore()
			b := loggedIn(t, s, role)
			if w := send(t, b.desk, findingURL(richName, "c0ffee01"), verdict("wrong", "x")); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
				t.Errorf("without a session: %d to %s", w.Code, w.Header().Get("Location"))
			}
			page := b.get(findingURL(richName, "c0ffee01"))
			if got := strings.Contains(page.Body.String(), "Give your verdict"); got != allowed {
				t.Errorf("the form is shown: %v", got)
			}
			w := send(t, b.desk, findingURL(richName, "c0ffee01"), verdict("wrong", "the note stays out"), b.as)
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			if !allowed {
				if w.Code != http.StatusForbidden || len(s.verdicts) > 0 || bytes.Contains(audited, []byte("c0ffee01")) {
					t.Errorf("%d, %+v\n%s", w.Code, s.verdicts, audited)
				}
				wantText(t, w.Body.String(), "You may not judge findings")
				return
			}
			if w.Code != http.StatusSeeOther || len(s.verdicts) != 1 || s.verdicts[0].Author != "bela" {
				t.Fatalf("%d, %+v", w.Code, s.verdicts)
			}
			line := `{"time":"` + testNow.Format(time.RFC3339) + `","event":"verdict","user":"bela","role":"` + string(role) +
				`","address":"192.0.2.1","campaign":"` + richName + `","finding":"c0ffee01","verdict":"wrong"}`
			if !strings.Contains(string(audited), line) || bytes.Contains(audited, []byte("stays out")) {
				t.Errorf("audit log:\n%swant %s", audited, line)
			}
		})
	}
}

// What is not in the audit log must not happen.
func TestNoVerdictAndNoListWithoutTheAuditLog(t *testing.T) {
	s := richStore()
	b := loggedIn(t, s, user.Analyst)
	if err := b.log.Close(); err != nil {
		t.Fatal(err)
	}
	w := send(t, b.desk, findingURL(richName, "c0ffee01"), verdict("wrong", ""), b.as)
	if w.Code != http.StatusServiceUnavailable || len(s.verdicts) != 0 {
		t.Errorf("%d, %+v", w.Code, s.verdicts)
	}
	wantText(t, w.Body.String(), "takes no verdict without")
	if list := b.get(listURL(richName, "c0ffee01", "csv")); list.Code != http.StatusServiceUnavailable || strings.Contains(list.Body.String(), "river_friend") {
		t.Errorf("%d %s", list.Code, list.Body)
	}
}

// In a real browser without scripts: a verdict is given by the form and told on the page.
func TestBrowserJudges(t *testing.T) {
	ctx := startBrowser(t)
	s := richStore()
	server := httptest.NewServer(newDesk(t, Options{Store: s, Verdicts: s}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})); err != nil {
		t.Fatal(err)
	}
	visit(ctx, t, server.URL+findingURL(richName, "c0ffee01"), look{390, 844, "light"})
	const note = "it is the timetable of the trams"
	err := chromedp.Do(ctx, chromedp.Click(".judge summary"), chromedp.Click(`.judge input[value="wrong"]`), chromedp.SendKeys(".judge textarea", note))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(".judge button")); err != nil {
		t.Fatal(err)
	}
	said, err := chromedp.Run(ctx, chromedp.Text("body"))
	if err != nil || !strings.Contains(said, "A person judged this finding wrong.") || !strings.Contains(said, note) {
		t.Errorf("the page says %q, %v", said, err)
	}
	if len(s.verdicts) != 1 || s.verdicts[0].Judgement != storage.Wrong || s.verdicts[0].Note != note {
		t.Errorf("recorded %+v", s.verdicts)
	}
}
