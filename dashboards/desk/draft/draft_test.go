package draft

import (
	"bytes"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

var baku = time.FixedZone("Baku", 4*3600)

// lanterns is a campaign with everything, and with what a form cannot show as it is.
func lanterns() campaign.Campaign {
	return campaign.Campaign{
		Name: "Lanterns", Tags: []string{"#Lanterns", " padded "}, Terms: []string{"two\nlines", "evening"},
		Protected: []campaign.Protected{{Platform: post.X, Account: "@anna"}, {Account: "did:plc:abc"}},
		Declared: []campaign.Declared{{
			Name: "Evening", From: time.Date(2031, 6, 12, 5, 0, 30, 0, time.UTC), To: time.Date(2031, 6, 12, 18, 0, 0, 0, time.UTC), Texts: []string{"come along"},
		}},
		Keep: 30 * 24 * time.Hour, Evidence: true,
	}
}

// fakeBook remembers what was written. Tags that hold a "!" are mistakes to it.
type fakeBook struct {
	Opened
	written []campaign.Campaign
	err     error
}

func (b *fakeBook) Open() (Opened, error) { return b.Opened, nil }

func (b *fakeBook) Check(c campaign.Campaign) (all []Mistake, err error) {
	if len(c.Tags)+len(c.Terms) == 0 {
		all = append(all, Mistake{Text: "it watches nothing"})
	}
	for i, tag := range c.Tags {
		if strings.Contains(tag, "!") {
			all = append(all, Mistake{Path: "tags[" + string(rune('0'+i)) + "]", Text: tag + " is no hashtag"})
		}
	}
	for i, d := range c.Declared {
		if d.From.IsZero() {
			all = append(all, Mistake{Path: "declared[" + string(rune('0'+i)) + "].from", Text: "when does it start?"})
		}
		if len(d.Tags)+len(d.Texts) == 0 {
			all = append(all, Mistake{Path: "declared[" + string(rune('0'+i)) + "]", Text: "nothing belongs to it"})
		}
	}
	return all, nil
}

func (b *fakeBook) Write(version string, c campaign.Campaign) error {
	if b.err == nil {
		b.written = append(b.written, c)
	}
	return b.err
}

func (b *fakeBook) Snippet(c campaign.Campaign) string { return "snippet of " + c.Name }

// testPages serves the pages with a frame that is nothing but a paragraph. Audited are
// the entries of the audit log.
func testPages(t *testing.T, b Book, audited *[]audit.Entry, auditing error) http.Handler {
	t.Helper()
	page := template.Must(template.Must(template.New("").Funcs(words.InEnglish(baku, time.Now).Funcs()).ParseFS(Files, "draft.html")).New("frame").Parse(`<p>{{template "draft" .}}</p>`))
	return New(Options{
		Book: b, Log: slog.New(slog.DiscardHandler), Script: "/s.js", Style: "/s.css",
		Record: func(_ *http.Request, e audit.Entry) error {
			*audited = append(*audited, e)
			return auditing
		},
		Zone: func(*http.Request) (*time.Location, string) { return baku, "Baku" },
		Show: func(w http.ResponseWriter, _ *http.Request, status int, v View) {
			var out bytes.Buffer
			if err := page.Execute(&out, v); err != nil {
				t.Fatal(err)
			}
			w.WriteHeader(status)
			_, _ = out.WriteTo(w)
		},
	})
}

func ask(h http.Handler, method, target string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	access.Everyone(h).ServeHTTP(w, r)
	return w
}

func want(t *testing.T, w *httptest.ResponseRecorder, status int, says ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, s := range says {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("it does not say %q:\n%s", s, w.Body)
		}
	}
}

// valuesOf are what a browser sends of a form that nobody touched.
func valuesOf(f Form) url.Values {
	v := url.Values{"name": {f.Name}, "tags": {f.Tags}, "terms": {f.Terms}, "protected": {f.Protected}, "keep_days": {f.KeepDays}}
	for i, a := range f.Actions {
		at := "declared." + strconv.Itoa(i) + "."
		for key, value := range map[string]string{"name": a.Name, "from": a.From, "to": a.To, "tags": a.Tags, "texts": a.Texts} {
			v.Set(at+key, strings.ReplaceAll(value, "\n", "\r\n"))
		}
	}
	return v
}

// A form that is sent as it was filled says the same campaign, to the letter.
func TestFormKeepsWhatItCannotShow(t *testing.T) {
	f := sent(valuesOf(Fill(lanterns(), baku).roomy()))
	got, _ := f.read(lanterns(), baku)
	if diff := cmp.Diff(lanterns(), got); diff != "" || !f.Fine() {
		t.Errorf("%v (-want +got):\n%s", f.wrong, diff)
	}
}

// Of any form, what is read is either wrong at a field, or fills a form that reads the
// same again; nothing panics.
func FuzzForm(f *testing.F) {
	f.Add("name=A&tags=%23a%0D%0Ab&declared.0.name=D&declared.0.from=2031-06-12T09:00&declared.0.to=2031-06-13")
	f.Add(valuesOf(Fill(lanterns(), baku)).Encode())
	f.Add("protected=z:@a%0Ax:@b%0Adid:plc:c&keep_days=-1&terms=%00%FF")
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		form := sent(v)
		c, places := form.read(campaign.Campaign{}, baku)
		if len(places) != len(c.Declared) {
			t.Fatalf("%d places of %d", len(places), len(c.Declared))
		}
		if !form.Fine() {
			return
		}
		again := sent(valuesOf(Fill(c, baku)))
		if got, _ := again.read(c, baku); !cmp.Equal(c, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })) {
			t.Errorf("(-first +second):\n%s", cmp.Diff(c, got))
		}
	})
}

func TestSave(t *testing.T) {
	b := &fakeBook{Opened: Opened{Campaigns: []campaign.Campaign{lanterns()}, Version: "v1", File: "winnow.yaml"}}
	var audited []audit.Entry
	h := testPages(t, b, &audited, nil)
	page := ask(h, http.MethodGet, EditAddress("Lanterns"), nil)
	want(t, page, 200, "Change <bdi>Lanterns</bdi>", `value="v1"`, "#Lanterns\npadded</textarea>", "two lines\nevening</textarea>", "x:@anna\ndid:plc:abc</textarea>",
		`value="2031-06-12T09:00:30"`, "Times are those of Baku", `value="30"`, "<bdi>#LANTERNS</bdi>")

	form := valuesOf(Fill(lanterns(), baku).roomy())
	form.Set("version", "v1")
	form.Set("zone", "Baku")
	form.Set("action", "save")
	form.Set("tags", "#Lanterns\r\n#River\r\n#River\r\n")
	form.Set("declared.0.drop", "yes")
	form.Set("declared.1.name", "Morning")
	form.Set("declared.1.from", "2031-06-13T09:00")
	form.Set("declared.1.to", "2031-06-14")
	form.Set("declared.1.tags", "#a")
	w := ask(h, http.MethodPost, EditAddress("Lanterns"), form)
	if at := w.Header().Get("Location"); w.Code != http.StatusSeeOther || at != "/campaign/edit?name=Lanterns&saved=yes" || w.Header().Get("Connection") != "close" {
		t.Fatalf("%d to %q: %s", w.Code, at, w.Body)
	}
	c := lanterns()
	c.Tags = []string{"#Lanterns", "#River"}
	c.Declared = []campaign.Declared{{Name: "Morning", From: time.Date(2031, 6, 13, 9, 0, 0, 0, baku), To: time.Date(2031, 6, 14, 0, 0, 0, 0, baku), Tags: []string{"#a"}}}
	if diff := cmp.Diff([]campaign.Campaign{c}, b.written); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]audit.Entry{{Event: audit.CampaignChanged, Campaign: "Lanterns"}}, audited); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	form = url.Values{"name": {" Another "}, "tags": {"a"}, "version": {"v1"}, "action": {"save"}}
	w = ask(h, http.MethodPost, NewPath, form)
	if w.Code != http.StatusSeeOther || b.written[1].Name != "Another" || audited[1].Event != audit.CampaignMade {
		t.Errorf("%d, %+v, %+v", w.Code, b.written, audited)
	}
}

// What is behind a change says how it is with it.
func TestSaved(t *testing.T) {
	var audited []audit.Entry
	for name, test := range map[string]struct {
		opened Opened
		says   string
	}{
		"in use":     {Opened{Campaigns: []campaign.Campaign{lanterns()}, Watched: []campaign.Campaign{lanterns()}}, "Winnow works by it now"},
		"not yet":    {Opened{Campaigns: []campaign.Campaign{lanterns()}}, "not working by it yet"},
		"taken back": {Opened{Campaigns: []campaign.Campaign{lanterns()}, Watched: []campaign.Campaign{lanterns()}, Failed: true}, "took it back"},
	} {
		w := ask(testPages(t, &fakeBook{Opened: test.opened}, &audited, nil), http.MethodGet, EditAddress("Lanterns")+"&saved=yes", nil)
		t.Run(name, func(t *testing.T) { want(t, w, 200, test.says) })
	}
	w := ask(testPages(t, &fakeBook{Opened: Opened{Failed: true}}, &audited, nil), http.MethodGet, EditAddress("Lanterns")+"&saved=yes", nil)
	want(t, w, 404, "took it back")
}

// Everything that is wrong is told at its field at once, what was written stays, and
// nothing is written down.
func TestMistakesAreToldAtTheirFields(t *testing.T) {
	b := &fakeBook{Opened: Opened{Campaigns: []campaign.Campaign{lanterns()}, Version: "v1"}}
	var audited []audit.Entry
	w := ask(testPages(t, b, &audited, nil), http.MethodPost, NewPath, url.Values{
		"name": {"Lanterns"}, "tags": {"ok\nbad!\n\"><script>alert(1)</script>!"}, "terms": {"a\x00b"}, "protected": {"tiktok:@a"}, "keep_days": {"soon"},
		"declared.0.name": {""}, "declared.0.texts": {""}, "declared.1.name": {"Empty </fieldset>"}, "declared.1.to": {"tomorrow"},
		"zone": {"Baku"}, "version": {"v1"}, "action": {"save"},
	})
	want(t, w, 422, "There is a campaign of this name already.", "bad! is no hashtag", "characters in it that are no text", "“<bdi>tiktok:@a</bdi>” begins with a platform",
		"whole number of days", "This is no moment.", "when does it start?", "nothing belongs to it", "Nothing was saved",
		`&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;!</textarea>`, "<bdi>Empty &lt;/fieldset&gt;</bdi>", `value="tomorrow"`, `id="wrong-declared-0-to"`, `aria-describedby="wrong-tags"`)
	if strings.Contains(w.Body.String(), "<script>") || len(b.written)+len(audited) > 0 {
		t.Errorf("written %v, audited %v\n%s", b.written, audited, w.Body)
	}
}

func TestRefusals(t *testing.T) {
	good := url.Values{"name": {"New"}, "tags": {"a"}, "version": {"v1"}, "action": {"save"}}
	with := func(key, value string) url.Values {
		out := url.Values{}
		for k, v := range good {
			out[k] = v
		}
		out.Set(key, value)
		return out
	}
	for name, test := range map[string]struct {
		form     url.Values
		closed   Closed
		err      error
		auditing error
		target   string
		status   int
		says     string
	}{
		"somebody was quicker": {form: with("version", "v0"), status: 409, says: "Somebody changed the configuration file meanwhile"},
		"quicker by a hair":    {form: good, err: ErrChanged, status: 409, says: "Somebody changed the configuration file meanwhile"},
		"a file of another":    {form: good, err: ErrClosed, status: 409, says: "snippet of New"},
		"an odd file":          {form: good, err: ErrLayout, status: 409, says: "snippet of New"},
		"a full disk":          {form: good, err: errors.New("no space"), status: 503, says: "log says why"},
		"no audit log":         {form: good, auditing: errors.New("no space"), status: 503, says: "changes nothing without"},
		"much too long":        {form: with("terms", strings.Repeat("a\n", MaxForm)), status: 413, says: "too much for a campaign"},
		"another zone":         {form: with("declared.0.name", "D"), status: 422, says: "The zone that times are told in was changed"},
		"only a look":          {form: with("action", "check"), status: 200, says: "It is not saved yet."},
		"nobody's campaign":    {form: good, target: EditAddress("nope"), status: 404, says: "no such campaign to change"},
		"demo":                 {form: good, closed: Demo, status: 200, says: "This is a demonstration"},
		"no file":              {form: good, closed: NoFile, status: 200, says: "without a configuration file"},
		"managed elsewhere":    {form: good, closed: Managed, status: 200, says: "snippet of New"},
		"not ours":             {form: good, closed: Unwritable, status: 200, says: "may not write"},
		"broken":               {form: good, closed: Broken, status: 200, says: "winnow check"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &fakeBook{Opened: Opened{Version: "v1", Closed: test.closed}, err: test.err}
			var audited []audit.Entry
			target := test.target
			if target == "" {
				target = NewPath
			}
			w := ask(testPages(t, b, &audited, test.auditing), http.MethodPost, target, test.form)
			want(t, w, test.status, test.says)
			if len(b.written) > 0 {
				t.Errorf("written %+v", b.written)
			}
			if test.closed != "" && strings.Contains(w.Body.String(), `value="save"`) {
				t.Error("it offers to save")
			}
		})
	}
}

func TestFold(t *testing.T) {
	all := []campaign.Campaign{{Name: "Other", Tags: []string{"#BAKU2015"}}, {Name: "Mine", Tags: []string{"baku2015"}}}
	got := folded("#Baku2015\n\n＃ＢＡＫＵ２０１５\n2015\n#İstanbul\n#باكو٢٠١٥", "Mine", all)
	wanted := []Tag{
		{Written: "#Baku2015", Key: "baku2015", Also: []string{"#BAKU2015"}, Others: []string{"Other"}},
		{Written: "＃ＢＡＫＵ２０１５", Key: "baku2015", Again: "#Baku2015"},
		{Written: "2015"},
		{Written: "#İstanbul", Key: "istanbul"},
		{Written: "#باكو٢٠١٥", Key: "باكو٢٠١٥", Also: []string{"#بـاكو٢٠١٥"}},
	}
	for i := range got {
		if !strings.Contains(strings.Join(got[i].Also, " "), strings.Join(wanted[i].Also[:min(1, len(wanted[i].Also))], " ")) || len(got[i].Also) > maxAlso {
			t.Errorf("%s also matches %q", got[i].Written, got[i].Also)
		}
		got[i].Also, wanted[i].Also = nil, nil
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	var audited []audit.Entry
	h := testPages(t, &fakeBook{Opened: Opened{Campaigns: all}}, &audited, nil)
	var told struct{ Tags []Tag }
	w := ask(h, http.MethodGet, FoldPath+"?"+url.Values{"tags": {"#A\n</script>"}}.Encode(), nil)
	if err := json.Unmarshal(w.Body.Bytes(), &told, json.MatchCaseInsensitiveNames(true)); err != nil || len(told.Tags) != 2 || told.Tags[0].Key != "a" || told.Tags[1].Key != "" {
		t.Errorf("%v: %s", err, w.Body)
	}
	if w := ask(h, http.MethodGet, FoldPath+"?tags="+strings.Repeat("a", maxAsked+1), nil); w.Code != http.StatusRequestURITooLong {
		t.Errorf("status %d", w.Code)
	}
	if w := ask(h, http.MethodGet, FoldPath, nil); !slices.Contains(w.Header()["Content-Type"], "application/json; charset=utf-8") || strings.TrimSpace(w.Body.String()) != `{"tags":[]}` {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

// Whoever is not an admin is told so, whatever they ask for.
func TestOnlyAdmins(t *testing.T) {
	b := &fakeBook{Opened: Opened{Version: "v1"}}
	var audited []audit.Entry
	h := testPages(t, b, &audited, nil)
	for _, target := range []string{NewPath, EditAddress("Lanterns"), FoldPath} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, target, strings.NewReader("name=A&tags=a&version=v1&action=save"))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			want(t, w, 403, "You may not change campaigns")
		}
	}
	if len(b.written) > 0 {
		t.Error("somebody wrote")
	}
}
