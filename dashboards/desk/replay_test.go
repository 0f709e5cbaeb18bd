package desk

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func replayURL(name string) string { return "/campaign/replay?name=" + url.QueryEscape(name) }

// The page tells at each moment what was known then, without a script: before the first
// evidence, between evidence and recognition, and after.
func TestReplay(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	// The first finding has evidence from 05:25 on, and was recognised four minutes later.
	span := "&from=2031-06-10T05:00&to=2031-06-10T06:00"
	page := func(at string) string {
		t.Helper()
		w := get(t, h, replayURL(richName)+span+"&at="+url.QueryEscape(at))
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d", at, w.Code)
		}
		return w.Body.String()
	}
	shown := regexp.MustCompile(`(?s)<template.*?</template>`)
	for _, test := range []struct {
		at          string
		wants, lack []string
	}{
		{"2031-06-10T05:24", []string{"Nothing was found by then.", "There was no such moment yet."}, []string{"First evidence:", "Nobody could tell yet."}},
		{"2031-06-10T05:26", []string{"Nobody could tell yet.", "There was evidence of 1 finding already"}, []string{"First evidence:", "c0ffee01"}},
		{"2031-06-10T05:29", []string{"Winnow knew of coordinated activity: 1 finding, and it went on at that moment.", "First evidence: 10 Jun 2031, 05:25 UTC", "Enough evidence since 10 Jun 2031, 05:29 UTC, 4 minutes later.", "recognised 4 minutes after its first evidence"}, []string{"Nobody could tell yet."}},
	} {
		body := shown.ReplaceAllString(page(test.at), "")
		for _, want := range test.wants {
			wantText(t, body, want)
		}
		for _, lack := range test.lack {
			if strings.Contains(body, lack) {
				t.Errorf("at %s the page says %q", test.at, lack)
			}
		}
	}
	// The same moment as the slider sends it, with ways on and back.
	body := page("1938835740")
	wantText(t, body, "As of 10 Jun 2031, 05:29 UTC")
	for _, want := range []string{
		`min="1938834000" max="1938837600" step="60" value="1938835740"`, "at=1938835680", "at=1938835800", "This is not a recording.",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for target, code := range map[string]int{replayURL("nobody"): http.StatusNotFound, replayURL(emptyName): http.StatusOK} {
		if w := get(t, h, target); w.Code != code {
			t.Errorf("%s: %d, want %d", target, w.Code, code)
		}
	}
	if w := get(t, newDesk(t, Options{Store: &fakeStore{err: http.ErrAbortHandler}}), replayURL("x")); w.Code != http.StatusServiceUnavailable {
		t.Errorf("without a store: %d", w.Code)
	}
	campaign := get(t, h, campaignURL(richName)+span).Body.String()
	for _, want := range []string{">Replay it</a>", ">Back to the whole</a>", "from=2031-06-10T05%3a00&amp;to=2031-06-10T06%3a00\">Replay"} {
		if !strings.Contains(campaign, want) {
			t.Errorf("the campaign's page lacks %s", want)
		}
	}
}

// playReplay goes through a replay in a browser: by its buttons, and by playing.
func playReplay(ctx context.Context, t *testing.T, address string) {
	do(ctx, t, chromedp.Navigate(address))
	type seen struct {
		At, Posts, Findings, Say, Row string
		Listed, Place, All            int
		Later                         float64
	}
	look := func() seen {
		t.Helper()
		return run[seen](ctx, t, `(() => {
			const shows = name => document.querySelector("dl [data-shows=" + name + "]").textContent;
			const slider = document.getElementById("replay-at"), rows = document.getElementById("replay-table").tBodies[0].rows;
			const place = (slider.value - slider.min) / slider.step, svg = document.querySelector(".replay-chart svg");
			return {
				At: document.querySelector(".replay-told [data-shows=at]").textContent, Posts: shows("posts"), Findings: shows("findings"),
				Say: document.querySelector("#replay-state .say").textContent, Row: rows[place].cells[1].textContent + " " + rows[place].cells[8].textContent,
				Listed: document.querySelectorAll("[data-events=findings] > li").length, Place: place, All: rows.length,
				Later: (svg.querySelector(".later").getAttribute("x") - svg.dataset.left) / (svg.dataset.right - svg.dataset.left),
			};
		})()`)
	}
	press := func(selector string) {
		t.Helper()
		run[bool](ctx, t, fmt.Sprintf("document.querySelector(%q).click(), true", selector))
	}
	check := func(s seen) {
		t.Helper()
		if s.Posts+" "+s.Findings != s.Row {
			t.Errorf("at %s: %s posts and %s findings, the table has %s", s.At, s.Posts, s.Findings, s.Row)
		}
		if drawn := float64(s.Place) / float64(s.All-1); math.Abs(s.Later-drawn) > 0.002 {
			t.Errorf("at moment %d of %d the picture is at %v", s.Place, s.All, s.Later)
		}
	}
	begin := look()
	check(begin)
	if begin.Place != 0 || begin.Findings != "0" || begin.Posts != "0" {
		t.Errorf("it begins with %+v", begin)
	}
	press("[data-move=next]")
	press("[data-move=next]")
	found := look()
	check(found)
	if found.Findings == "0" || found.Listed == 0 || !strings.Contains(found.Say, "Winnow knew") {
		t.Errorf("after the next finding: %+v", found)
	}
	press("[data-move='-1']")
	before := look()
	check(before)
	if before.Place != found.Place-1 || before.Listed >= found.Listed {
		t.Errorf("one back from %+v: %+v", found, before)
	}
	// What a reader sees when they load the address again is the same.
	do(ctx, t, chromedp.Reload())
	if again := look(); again != before {
		t.Errorf("loaded again: %+v, want %+v", again, before)
	}
	// It plays when it is told to, and stops at the end.
	run[bool](ctx, t, `(() => {
		const slider = document.getElementById("replay-at"), speed = document.querySelector(".replay-play select");
		slider.value = Number(slider.max) - 2 * slider.step;
		slider.dispatchEvent(new Event("input"));
		speed.options[2].value = "1";
		speed.value = "1";
		return true;
	})()`)
	press(".replay-play button")
	run[bool](ctx, t, `new Promise(done => { const look = () => {
		const slider = document.getElementById("replay-at");
		if (slider.value === slider.max && document.querySelector(".replay-play button").textContent === "Play") done(true); else setTimeout(look, 10);
	}; look(); })`)
	end := look()
	check(end)
	if end.Place != end.All-1 || end.Findings != "4" || end.Listed != 6 {
		t.Errorf("in the end: %+v", end)
	}
}
