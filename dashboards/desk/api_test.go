package desk

import (
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/api"
	"winnow/dashboards/desk/words"
)

var en = words.InEnglish(time.UTC, func() time.Time { return testNow })

// withAPI is a desk whose pages and API read the same store.
func withAPI(t *testing.T, o Options) http.Handler {
	t.Helper()
	s := liveStore()
	var err error
	o.Store, o.Sources = s, liveSources
	if o.API, err = api.New(api.Options{Store: s, Protected: o.Protected, Sources: liveSources, Now: func() time.Time { return testNow }}); err != nil {
		t.Fatal(err)
	}
	return newDesk(t, o)
}

// read asks the API, and reads the answer into out.
func read(t *testing.T, h http.Handler, target string, out any) {
	t.Helper()
	w := get(t, h, target)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
		t.Fatal(err)
	}
}

// tells fails unless a page says each text, as a reader sees it.
func tells(t *testing.T, page string, texts ...string) {
	t.Helper()
	seen := html.UnescapeString(visible(page))
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

const richAPI = "/api/v1/campaigns/Lantern%20march%20%23RiverCity2031"

// What a campaign's page tells, the API tells in numbers: put into words, they are the
// sentences of the page.
func TestPageAndAPIAnswerTheSame(t *testing.T) {
	h := withAPI(t, Options{})
	page := get(t, h, campaignURL(richName)).Body.String()
	type share struct{ Count, Of uint64 }
	var campaign struct {
		Summary struct {
			Posts, Accounts uint64
			Reach           *uint64 `json:"potential_reach"`
			ReachKnown      uint64  `json:"reach_known_accounts"`
		}
		Reach   *uint64 `json:"coordinated_reach"`
		Answers struct {
			Found, Ongoing bool
			Since, Last    time.Time
			Posts          share `json:"coordinated_posts"`
			Accounts       share `json:"coordinated_accounts"`
			Declared       share `json:"declared_posts"`
			Targets        []struct {
				Name            string
				Findings, Posts uint64
				Largest         uint64 `json:"largest_accounts"`
			}
		}
		Warnings []struct {
			Source string `json:"source_name"`
			Says   string
		}
	}
	read(t, h, richAPI, &campaign)
	a := campaign.Answers
	if !a.Found || a.Ongoing || len(a.Targets) != 2 || len(campaign.Warnings) == 0 {
		t.Fatalf("the API answers %+v", campaign)
	}
	tells(t, page,
		"Since "+en.Clock(a.Since)+".", "The last evidence is from "+en.Clock(a.Last)+", "+en.Ago(a.Last),
		en.Share(a.Posts.Count, a.Posts.Of)+" of the posts and "+en.Share(a.Accounts.Count, a.Accounts.Of)+" of the accounts.",
		en.Number(a.Posts.Count)+" of "+en.Number(a.Posts.Of)+" posts and "+en.Number(a.Accounts.Count)+" of "+en.Number(a.Accounts.Of)+" accounts lie inside findings. "+en.Number(a.Declared.Count)+" more posts belong",
		"at least "+en.Number(*campaign.Summary.Reach)+"followers known for "+en.Number(campaign.Summary.ReachKnown)+" of "+en.Number(campaign.Summary.Accounts)+" accountswithout the coordinated: "+en.Number(*campaign.Summary.Reach-*campaign.Reach),
	)
	var names []string
	for _, target := range a.Targets {
		names = append(names, target.Name)
		tells(t, page, target.Name+": "+en.Count(target.Findings, "%s pile-on", "%s pile-ons")+", "+en.Count(target.Posts, "%s post", "%s posts")+", the largest by "+en.Count(target.Largest, "%s account", "%s accounts")+".")
	}
	tells(t, page, strings.Join(names, ", ")+".")
	for _, w := range campaign.Warnings {
		tells(t, page, w.Source+". "+w.Says)
	}
}

// Each bucket of the series is the row of it in the page's table.
func TestPageAndAPIShowTheSameSeries(t *testing.T) {
	h := withAPI(t, Options{})
	for target, query := range map[string]string{
		"": "", "&range=24h": "?from=2031-06-11T18:30:00Z&to=2031-06-12T18:30:00Z", "&from=2031-06-10T04:00&to=2031-06-10T06:30&step=minute": "?from=2031-06-10T04:00:00Z&to=2031-06-10T06:30:00Z&step=minute",
	} {
		page := visible(get(t, h, campaignURL(richName)+target).Body.String())
		var series struct {
			Points []struct {
				At                  time.Time
				Posts, Accounts     uint64
				Reach               *uint64 `json:"potential_reach"`
				Coordinated         uint64  `json:"coordinated_posts"`
				Declared            uint64  `json:"declared_posts"`
				Organic             uint64  `json:"organic_posts"`
				CoordinatedAccounts uint64  `json:"coordinated_accounts"`
			}
		}
		read(t, h, richAPI+"/series"+query, &series)
		rows := 0
		for _, p := range series.Points {
			if p.Posts == 0 {
				continue
			}
			rows++
			row := en.Clock(p.At)
			for _, n := range []uint64{p.Posts, p.Organic, p.Coordinated, p.Declared} {
				row += en.Number(n)
			}
			row += en.Share(p.Coordinated, p.Posts) + en.Number(p.Accounts) + en.Number(p.CoordinatedAccounts) + en.Number(*p.Reach)
			if !strings.Contains(page, row) {
				t.Errorf("%s: the page has no row %q", target, row)
			}
		}
		if rows < 20 {
			t.Errorf("%s: %d rows were compared", target, rows)
		}
	}
}

func TestPageAndAPIListTheSameFindings(t *testing.T) {
	h := withAPI(t, Options{})
	page := get(t, h, campaignURL(richName)).Body.String()
	var listed []string
	for _, m := range regexp.MustCompile(`/campaign/finding\?name=[^"]*&amp;id=([0-9a-z]+)"`).FindAllStringSubmatch(page, -1) {
		listed = append(listed, m[1])
	}
	var want []string
	for _, standing := range []string{"early", "undeclared", "declared"} { // as on the page
		var part struct {
			Findings []struct{ ID, Sentence string }
		}
		read(t, h, richAPI+"/findings?standing="+standing, &part)
		for _, f := range part.Findings {
			want = append(want, f.ID)
			tells(t, page, f.Sentence)
		}
	}
	if diff := cmp.Diff(want, listed); diff != "" || len(want) != 6 {
		t.Error(diff)
	}
	var list struct {
		Campaigns []struct {
			Name  string
			Since *time.Time
		}
	}
	read(t, h, "/api/v1/campaigns", &list)
	front, last := get(t, h, "/").Body.String(), -1
	for _, c := range list.Campaigns {
		at := strings.Index(front, ">"+c.Name+"<")
		if at <= last {
			t.Errorf("%s is in another place on the page", c.Name)
		}
		last = at
		if c.Since != nil {
			tells(t, front, en.Clock(*c.Since))
		}
	}
	if len(list.Campaigns) != 4 {
		t.Errorf("%d campaigns", len(list.Campaigns))
	}
}

// What waits behind a click on a finding's page is what the API leaves out.
func TestPageAndAPIHideTheSame(t *testing.T) {
	h := withAPI(t, Options{})
	for _, id := range []string{"c0ffee01", "c0ffee02", "c0ffee03", "c0ffee04", "c0ffee05", "c0ffee06"} {
		page := get(t, h, findingURL(richName, id)).Body.String()
		var finding struct {
			Hidden   bool `json:"contents_hidden"`
			Accounts []struct {
				ID     string `json:"account_id"`
				Handle *string
			} `json:"account_rows"`
			Posts     []struct{} `json:"post_rows"`
			MorePosts uint64     `json:"more_posts"`
		}
		read(t, h, richAPI+"/findings/"+id, &finding)
		if shut := strings.Contains(visible(page), "They stay closed until you open them."); shut != finding.Hidden {
			t.Errorf("%s: hidden on the page %v, in the API %v", id, shut, finding.Hidden)
		}
		for _, a := range finding.Accounts {
			name := a.ID
			if a.Handle != nil {
				name = "@" + *a.Handle
			}
			tells(t, page, name)
		}
		if finding.MorePosts > 0 && len(finding.Posts) > 0 {
			tells(t, page, en.Count(finding.MorePosts, "%s more post is", "%s more posts are")+" not shown here.")
		}
	}
}

func TestPageAndAPITellTheSameGaps(t *testing.T) {
	h := withAPI(t, Options{})
	page := get(t, h, "/coverage").Body.String()
	var gaps struct {
		Gaps []struct {
			From time.Time
			Note *string
		}
	}
	read(t, h, "/api/v1/gaps", &gaps)
	if rows := strings.Count(page, `data-label="Seen meanwhile"`); rows != len(gaps.Gaps) || rows == 0 {
		t.Errorf("%d rows on the page, %d in the API", rows, len(gaps.Gaps))
	}
	for _, g := range gaps.Gaps {
		tells(t, page, g.From.Format("2 Jan 2006, 15:04:05")+" UTC")
		if g.Note != nil {
			tells(t, page, *g.Note)
		}
	}
	var sources struct {
		Sources []struct{ Name, Says string }
	}
	read(t, h, "/api/v1/sources", &sources)
	seen, last := html.UnescapeString(visible(page)), -1
	for _, s := range sources.Sources {
		at := strings.Index(seen, s.Name+" "+s.Says)
		if at <= last {
			t.Errorf("%s is in another place on the page, or says something else than %q", s.Name, s.Says)
		}
		last = at
	}
	if len(sources.Sources) != 4 {
		t.Errorf("%d sources", len(sources.Sources))
	}
}

// What a page tells of each person, and when the posts of a finding came, the API tells in
// numbers; and what was written is in neither until somebody asks.
func TestPageAndAPITellTheSameOfPeople(t *testing.T) {
	h := withAPI(t, Options{Protected: protectedPeople})
	page := get(t, h, peopleURL(richName)).Body.String()
	var list struct {
		People []struct {
			ID, Name string
			Found    uint64
			PileOns  []struct {
				ID       string    `json:"finding_id"`
				Started  time.Time `json:"started_at"`
				Measured *struct {
					FirstTime uint64 `json:"first_time_accounts"`
				}
			} `json:"pile_ons"`
		}
	}
	read(t, h, richAPI+"/people", &list)
	if len(list.People) < 2 {
		t.Fatalf("%+v", list)
	}
	last, hit := -1, 0
	for _, p := range list.People {
		at := strings.Index(page, "<bdi>"+html.EscapeString(p.Name)+"</bdi></a></h2>")
		if at <= last {
			t.Errorf("%s is in another place on the page", p.Name)
		}
		last = at
		if p.Found > 0 {
			tells(t, page, en.Count(p.Found, "%s pile-on was found.", "%s pile-ons were found."))
		}
		var one struct {
			Posts  uint64
			Hidden bool `json:"contents_hidden"`
			Texts  []struct{ Text *string }
		}
		for _, query := range []string{"", "?contents=true"} {
			read(t, h, richAPI+"/people/"+url.PathEscape(p.ID)+query, &one)
			if one.Hidden != (query == "") || one.Hidden && len(one.Texts) > 0 {
				t.Errorf("%s%s: hidden %v, %d texts", p.Name, query, one.Hidden, len(one.Texts))
			}
			texts := "&texts=1"
			if query == "" {
				texts = ""
			}
			alone := get(t, h, peopleURL(richName)+"&who="+url.QueryEscape(p.ID)+texts).Body.String()
			for _, told := range one.Texts {
				if told.Text != nil {
					tells(t, alone, *told.Text)
				}
			}
		}
		for _, f := range p.PileOns {
			hit++
			tells(t, page, en.Seconds(f.Started))
			var times struct {
				Posts, Peak uint64
			}
			read(t, h, richAPI+"/findings/"+f.ID+"/times", &times)
			if times.Posts > 0 {
				tells(t, get(t, h, findingURL(richName, f.ID)).Body.String(), en.Number(times.Posts)+" posts of this finding")
			}
		}
	}
	if hit == 0 {
		t.Error("no pile-on was compared")
	}
}

// At the end of a replay the page tells what the API does.
func TestPageAndAPIReplayTheSame(t *testing.T) {
	h := withAPI(t, Options{})
	var replay struct {
		To      time.Time
		Moments []struct {
			At                          time.Time
			Posts, Organic, Coordinated uint64
		}
		Phases []struct {
			Since, Enough *time.Time
			Findings      uint64
		}
		Findings []struct{ ID string }
	}
	read(t, h, richAPI+"/replay", &replay)
	end := replay.Moments[len(replay.Moments)-1]
	page := get(t, h, replayURL(richName)+"&at="+strconv.FormatInt(end.At.Unix(), 10)).Body.String()
	phase := replay.Phases[len(replay.Phases)-1]
	tells(t, page, "As of "+en.Clock(end.At), "First evidence: "+en.Clock(*phase.Since), en.Number(end.Posts), en.Count(phase.Findings, "%s finding", "%s findings"))
	if n := strings.Count(page, `class="finding-when"><time datetime`); n < len(replay.Findings) || len(replay.Findings) == 0 {
		t.Errorf("%d findings in the API, %d events on the page", len(replay.Findings), n)
	}
}

// Every page and file that the API links to is there.
func TestLinksOfTheAPILeadSomewhere(t *testing.T) {
	h := withAPI(t, Options{})
	for _, target := range []string{richAPI, richAPI + "/findings/c0ffee01"} {
		var linked struct{ Pages map[string]string }
		read(t, h, target, &linked)
		if len(linked.Pages) < 2 {
			t.Errorf("%s: %v", target, linked.Pages)
		}
		for name, address := range linked.Pages {
			if w := get(t, h, address); w.Code != http.StatusOK {
				t.Errorf("%s of %s: %d at %s", name, target, w.Code, address)
			}
		}
	}
}

// With users, the API is closed as the pages are, and says so to programs.
func TestAPINeedsSomebody(t *testing.T) {
	h := withAPI(t, Options{Access: withUsers(t)})
	for _, target := range []string{"/api/v1/status", richAPI, "/api/v1/openapi.yaml", "/api/v1/nope", "/api/", "/api/v1/campaigns?access_token=winnow_x"} {
		w := get(t, h, target)
		if w.Code != http.StatusUnauthorized || w.Header().Get("Content-Type") != "application/problem+json" || strings.Contains(w.Body.String(), "Lantern") {
			t.Errorf("%s: %d %s %s", target, w.Code, w.Header().Get("Content-Type"), w.Body)
		}
	}
	// A desk without an API has no such page.
	if w := get(t, newDesk(t, Options{Store: richStore()}), "/api/v1/status"); w.Code != http.StatusNotFound {
		t.Errorf("without an API: %d", w.Code)
	}
}
