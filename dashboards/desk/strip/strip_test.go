package strip

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

var start = time.Date(2031, 6, 12, 18, 29, 57, 0, time.UTC)

// posts is a store that holds when each post came, of one account and kind or of many.
type posts struct {
	at    []time.Time
	kinds []string // one after the other
	// accounts is how many there are, one after the other.
	accounts int
	err      error
	asked    []time.Duration
}

func (s *posts) Seconds(_ context.Context, _, _ string, from, to time.Time, step time.Duration, few int) ([]view.FindingSecond, error) {
	s.asked = append(s.asked, step)
	counts := map[view.FindingSecond]uint64{}
	for i, at := range s.at {
		if at.Before(from) || !at.Before(to) {
			continue
		}
		row := view.FindingSecond{At: at.Truncate(step)}
		if s.accounts <= few {
			row.Platform, row.AccountID = "x", strconv.Itoa(i%s.accounts)
		} else {
			row.Kind = s.kinds[i%len(s.kinds)]
		}
		counts[row]++
	}
	var rows []view.FindingSecond
	for row, n := range counts {
		row.Posts = n
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b view.FindingSecond) int { return a.At.Compare(b.At) })
	return rows, s.err
}

func many(n int, step time.Duration) *posts {
	s := &posts{kinds: []string{"text", "link", "text"}, accounts: 99}
	for i := range n {
		s.at = append(s.at, start.Add(time.Duration(i)*step))
	}
	return s
}

func read(t interface{ Fatal(...any) }, s *posts) *Strip {
	f := view.FindingDetail{FindingSummary: view.FindingSummary{StartedAt: start, EndedAt: s.at[len(s.at)-1]}}
	f.AccountRows = []view.FindingAccount{{Platform: "x", AccountID: "1", Handle: "anna"}, {Platform: "bluesky", AccountID: "0", Handle: "other"}}
	f.EvidenceRows = []view.FindingEvidence{{}, {Window: 50 * time.Second}, {Window: time.Hour}}
	got, err := Read(context.Background(), words.InEnglish(time.FixedZone("", 2*3600), time.Now), s, f)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

var mark = regexp.MustCompile(`M([\d.]+) ([\d.]+)h([\d.]+)v-[\d.]+h-[\d.]+z`)

func TestEachPostIsAMark(t *testing.T) {
	s := many(40, 2*time.Second)
	got := read(t, s)
	if got.Close != nil || got.Posts != 40 || got.Peak != 1 || got.Window != 50*time.Second || got.ByAccount || len(s.asked) != 1 {
		t.Errorf("%+v, asked %v", got, s.asked)
	}
	for _, p := range []Picture{got.Whole.Wide, got.Whole.Mid, got.Whole.Phone} {
		drawn := 0
		for _, l := range p.Lanes {
			drawn += len(mark.FindAllString(l.Path, -1))
		}
		if p.Counted || drawn != 40 || p.Posts != 40 || p.FirstLabel != "20:29:57" || p.LastLabel != "20:31:15" {
			t.Errorf("%s: %d marks, %+v", p.ID, drawn, p)
		}
		if p.Lanes[0].Kind != "text" || p.Lanes[0].Posts != 27 || p.Lanes[1].Kind != "link" || p.Lanes[1].Posts != 13 {
			t.Errorf("%s: lanes %+v", p.ID, p.Lanes)
		}
	}
	// Of 80 seconds, 50 leave no room for the times beside it on a telephone.
	if w := got.Whole; w.Wide.Bracket == "" || w.Phone.Bracket != "" {
		t.Errorf("the window is drawn as %q and %q", w.Wide.Bracket, w.Phone.Bracket)
	}
	if wide, phone := got.Whole.Wide.Column, got.Whole.Phone.Column; wide != time.Second || phone != 2*time.Second {
		t.Errorf("columns of %v and %v", wide, phone)
	}
}

func TestFewAccountsHaveALaneEach(t *testing.T) {
	s := many(9, time.Second)
	s.accounts = 3
	got := read(t, s)
	var names []string
	for _, l := range got.Whole.Wide.Lanes {
		names = append(names, l.Name)
	}
	if !got.ByAccount || !slices.Equal(names, []string{"0", "@anna", "2"}) {
		t.Errorf("%v, lanes %q", got.ByAccount, names)
	}
}

func TestTooManyPostsAreCounted(t *testing.T) {
	s := many(30, time.Second)
	for range 500 {
		s.at = append(s.at, start.Add(29*time.Second))
	}
	p := read(t, s).Whole.Phone
	if !p.Counted || p.Posts != 530 || p.Most < 300 {
		t.Errorf("%+v", p)
	}
}

// What is too long for seconds is shown as a whole, and its fullest two minutes closely.
func TestLongFindings(t *testing.T) {
	for _, test := range []struct {
		step   time.Duration
		column time.Duration
		asked  []time.Duration
	}{
		{time.Minute, 30 * time.Second, []time.Duration{time.Second}},
		{time.Hour, 30 * time.Minute, []time.Duration{time.Minute, time.Second}},
		{24 * time.Hour, 12 * time.Hour, []time.Duration{time.Hour, time.Second}},
		{10 * 24 * time.Hour, 5 * 24 * time.Hour, []time.Duration{time.Hour, time.Second}},
	} {
		s := many(100, test.step)
		burst := s.at[60].Add(20 * time.Second)
		for i := range 20 {
			s.at = append(s.at, burst.Add(time.Duration(i)*time.Second))
		}
		slices.SortFunc(s.at, time.Time.Compare)
		got := read(t, s)
		if got.Close == nil || got.Whole.Wide.Column != test.column || got.Posts != 120 || !slices.Equal(s.asked, test.asked) {
			t.Fatalf("by %v: columns of %v, %d posts, asked %v", test.step, got.Whole.Wide.Column, got.Posts, s.asked)
		}
		if p := got.Close.Wide; p.Column != time.Second || p.Posts < 20 || p.From.After(burst) || p.To.Before(burst.Add(19*time.Second)) {
			t.Errorf("by %v: closely %v from %v to %v in columns of %v", test.step, p.Posts, p.From, p.To, p.Column)
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	if got, err := Read(t.Context(), words.InEnglish(time.UTC, time.Now), &posts{accounts: 1}, view.FindingDetail{}); got != nil || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	broken := errors.New("broken")
	if _, err := Read(t.Context(), words.InEnglish(time.UTC, time.Now), &posts{accounts: 1, err: broken}, view.FindingDetail{}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestColours(t *testing.T) {
	for class, f := range map[string]view.FindingSummary{
		"coordinated": {}, "declared": {Declared: "a day"}, "organic": {Declared: "a day", Verdict: view.Verdict{Judgement: "wrong"}},
	} {
		if got := classOf(f); got != class {
			t.Errorf("%+v: %s, want %s", f, got, class)
		}
	}
}

// Whenever posts came, every one of them is in each picture, nothing lies outside it, and
// no lane reaches into another.
func TestAllPostsAreDrawnInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &posts{kinds: []string{"text", "link", "image", "moment", "reply"}[:rapid.IntRange(1, 5).Draw(t, "kinds")], accounts: rapid.IntRange(1, 20).Draw(t, "accounts")}
		span := rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, time.Hour, 3 * time.Hour, 9 * 24 * time.Hour, 900 * 24 * time.Hour}).Draw(t, "span")
		for range rapid.IntRange(1, 200).Draw(t, "n") {
			s.at = append(s.at, start.Add(time.Duration(rapid.Int64Range(0, int64(span)).Draw(t, "after"))))
		}
		slices.SortFunc(s.at, time.Time.Compare)
		s.at[0] = start
		got := read(t, s)
		for _, p := range []Picture{got.Whole.Wide, got.Whole.Mid, got.Whole.Phone} {
			if p.Posts != uint64(len(s.at)) {
				t.Fatalf("%s shows %d of %d posts", p.ID, p.Posts, len(s.at))
			}
			bottom := 0.0
			for _, l := range p.Lanes {
				if l.Label < bottom || l.Base > p.Axis || p.Sub > p.Height {
					t.Fatalf("%s: lane %+v begins above %v", p.ID, l, bottom)
				}
				bottom = l.Base
				squares := mark.FindAllStringSubmatch(l.Path, -1)
				if !p.Counted && len(squares) != int(l.Posts) {
					t.Fatalf("%s: %d marks for %d posts", p.ID, len(squares), l.Posts)
				}
				for _, m := range squares {
					x, _ := strconv.ParseFloat(m[1], 64)
					y, _ := strconv.ParseFloat(m[2], 64)
					side, _ := strconv.ParseFloat(m[3], 64)
					if x < p.Left-0.6 || x+side > p.Right+0.6 || y > l.Base || y-side < l.Label {
						t.Fatalf("%s: a mark at %v, %v of %v in lane %+v", p.ID, x, y, side, l)
					}
				}
			}
		}
	})
}
