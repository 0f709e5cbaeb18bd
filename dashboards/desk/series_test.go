package desk

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/answer"
	"winnow/dashboards/desk/timeline"
	"winnow/dashboards/desk/window"
	"winnow/storage/view"
)

// Every chart of a page is well-formed, says in words what it shows, and is
// named apart from the others.
func TestChartMarkup(t *testing.T) {
	page := get(t, newDesk(t, Options{Store: richStore()}), campaignURL(richName)).Body.String()
	seen := map[string]bool{}
	found := regexp.MustCompile(`(?s)<svg class="chart".*?</svg>`).FindAllString(page, -1)
	if len(found) != 6 {
		t.Fatalf("%d charts, want 6", len(found))
	}
	for _, svg := range found {
		decoder := xml.NewDecoder(strings.NewReader(svg))
		words := 0
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("chart is not well-formed: %v\n%.300s", err, svg)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			if start.Name.Local == "desc" || start.Name.Local == "title" {
				words++
			}
			for _, a := range start.Attr {
				if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") {
					t.Errorf("chart has attribute %s, which the content policy refuses", a.Name.Local)
				}
				if a.Name.Local == "id" && seen[a.Value] {
					t.Errorf("id %s is there twice", a.Value)
				} else if a.Name.Local == "id" {
					seen[a.Value] = true
				}
			}
		}
		if words < 2 {
			t.Error("chart has no title and description")
		}
	}
	wantText(t, page, "Stacked bars, one per hour, from 6 Jun 2031, 18:00 UTC to 12 Jun 2031, 19:00 UTC. The most in one: 5")
}

// Counts that are recomputed one after the other may not add up for a moment;
// the charts must not turn that into eighteen quintillion posts.
func TestOrganicNeverUnderflows(t *testing.T) {
	for _, p := range []view.SeriesPoint{
		{Posts: 5, CoordinatedPosts: 9, DeclaredPosts: 1, Accounts: 1, CoordinatedAccounts: 4},
		{CoordinatedPosts: 9},
	} {
		if got := answer.Organic(p); got != 0 {
			t.Errorf("%+v: %d organic posts", p, got)
		}
		from := time.Date(2031, 6, 12, 0, 0, 0, 0, time.UTC)
		p.At = from
		c := timeline.New(en, window.Window{From: from, To: from.Add(time.Hour), Step: time.Hour}, []view.SeriesPoint{p}, nil, nil)
		if last := c.Accounts.YTicks[len(c.Accounts.YTicks)-1].Label; last != "1" {
			t.Errorf("accounts reach to %s", last)
		}
	}
}

// The table beside the charts has every bucket with posts and no other.
func TestChartTable(t *testing.T) {
	page := get(t, newDesk(t, Options{Store: richStore()}), campaignURL(quietName)).Body.String()
	_, table, ok := strings.Cut(page, `<table class="grid">`)
	if !ok {
		t.Fatal("no table")
	}
	table, _, _ = strings.Cut(table, "</table>")
	want := 0
	for i := range 300 {
		if i%17 < 9 {
			want++
		}
	}
	if got := strings.Count(table, "<tr>") - 1; got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
}

// The page asks the store for what the window says, and tells what it changed.
func TestCampaignAsksForItsWindow(t *testing.T) {
	s := richStore()
	w := get(t, newDesk(t, Options{Store: s}), campaignURL(richName)+"&from=2031-06-10T06:00&to=2031-06-10T04:00&step=hour")
	want := []seriesQuery{{
		time.Date(2031, 6, 10, 4, 0, 0, 0, time.UTC), time.Date(2031, 6, 10, 6, 0, 0, 0, time.UTC), time.Hour,
	}}
	if diff := cmp.Diff(want, s.asked); diff != "" {
		t.Error(diff)
	}
	body := w.Body.String()
	wantText(t, body, "The start was after the end, so the two were swapped.")
	for _, field := range []string{
		`name="from" value="2031-06-10T04:00"`, `name="to" value="2031-06-10T06:00"`, `<option value="hour" selected>`,
	} {
		if !strings.Contains(body, field) {
			t.Errorf("form lacks %s", field)
		}
	}
}
