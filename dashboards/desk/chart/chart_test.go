package chart

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestValueTicks(t *testing.T) {
	for _, test := range []struct {
		top   float64
		whole bool
		want  []float64
	}{
		{0, true, []float64{0, 1}},
		{1, true, []float64{0, 1}},
		{3, true, []float64{0, 1, 2, 3}},
		{5, true, []float64{0, 2, 4, 6}},
		{7, true, []float64{0, 2, 4, 6, 8}},
		{10, true, []float64{0, 5, 10}},
		{100, false, []float64{0, 25, 50, 75, 100}},
		{570, true, []float64{0, 200, 400, 600}},
		{1_284_332, true, []float64{0, 500_000, 1_000_000, 1_500_000}},
		{0.7, false, []float64{0, 0.2, 0.4, 0.6000000000000001, 0.8}},
		{math.NaN(), true, []float64{0, 1}},
		{math.Inf(1), true, []float64{0, 1}},
	} {
		if diff := cmp.Diff(test.want, valueTicks(test.top, test.whole)); diff != "" {
			t.Errorf("%v: %s", test.top, diff)
		}
	}
}

// Property: ticks begin at 0, rise evenly, reach the top without leaving more
// than half the chart empty, and are few.
func TestValueTicksAlways(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		top := rapid.Float64Range(1, 1e15).Draw(t, "top")
		ticks := valueTicks(top, true)
		last := ticks[len(ticks)-1]
		if ticks[0] != 0 || last < top*(1-1e-9) || len(ticks) < 2 || len(ticks) > 6 {
			t.Fatalf("%v: %v", top, ticks)
		}
		if last > 2*math.Ceil(top) {
			t.Fatalf("%v: ticks reach to %v", top, last)
		}
	})
}

func TestShortNumber(t *testing.T) {
	for f, want := range map[float64]string{0: "0", 2.5: "2.5", 950: "950", 1000: "1k", 2500: "2.5k", 1.5e6: "1.5M", 2e9: "2bn", 3e12: "3T"} {
		if got := shortNumber(f); got != want {
			t.Errorf("%v: %s, want %s", f, got, want)
		}
	}
}

func TestTimeTicks(t *testing.T) {
	from := time.Date(2031, 12, 30, 22, 10, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		long time.Duration
		want string
	}{
		{"an hour", time.Hour, "22:15/30 Dec 2031 22:30 22:45 23:00"},
		{"a day", 24 * time.Hour, "00:00/31 Dec 2031 06:00 12:00 18:00"},
		{"a week", 7 * 24 * time.Hour, "31 Dec/2031 2 Jan/2032 4 Jan 6 Jan"},
		{"three months", 90 * 24 * time.Hour, "Jan/2032 Feb Mar"},
		{"a year", 365 * 24 * time.Hour, "Jan/2032 Apr Jul Oct"},
		{"twenty years", 20 * 365 * 24 * time.Hour, "2032 2037 2042 2047"},
	} {
		var got []string
		last := -1e9
		for _, k := range timeTicks(from, from.Add(test.long), 344, 74, nil) {
			label := k.Label
			if k.Sub != "" {
				label += "/" + k.Sub
			}
			got = append(got, label)
			if k.Pos < 0 || k.Pos > 344 {
				t.Errorf("%s: %s lies at %v", test.name, label, k.Pos)
			}
			// A short month may come a little early.
			if k.Pos-last < 66 {
				t.Errorf("%s: %s is %v from its neighbour", test.name, label, k.Pos-last)
			}
			last = k.Pos
		}
		if test.name == "twenty years" {
			if len(got) < 3 || len(got) > 5 {
				t.Errorf("twenty years: %v", got)
			}
			continue
		}
		if diff := cmp.Diff(test.want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
	}
}

func spec(values ...[]float64) Spec {
	s := Spec{ID: "c", From: time.Date(2031, 6, 12, 0, 0, 0, 0, time.UTC), Step: time.Hour, Width: 344, Height: 200}
	for i, v := range values {
		s.Layers = append(s.Layers, Layer{Class: []string{"coordinated", "declared", "organic"}[i], Values: v})
	}
	return s
}

var pathRect = regexp.MustCompile(`M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)V[\d.]+Z`)

// rects reads the rectangles of a path: left, right, top, bottom.
func rects(t interface{ Fatalf(string, ...any) }, path string) [][4]float64 {
	var all [][4]float64
	for _, m := range pathRect.FindAllStringSubmatch(path, -1) {
		var v [4]float64
		for i, s := range []string{m[1], m[4], m[3], m[2]} {
			f, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatalf("%s: %v", s, err)
			}
			v[i] = f
		}
		all = append(all, v)
	}
	if rest := pathRect.ReplaceAllString(path, ""); rest != "" {
		t.Fatalf("path has more than rectangles: %q", rest)
	}
	return all
}

func TestChartStacks(t *testing.T) {
	c := New(spec([]float64{0, 10, 0}, []float64{0, 0, 0}, []float64{40, 30, 0}))
	if c.YTicks[len(c.YTicks)-1].Label != "40" {
		t.Fatalf("axis ends at %s, want 40", c.YTicks[len(c.YTicks)-1].Label)
	}
	if c.Layers[1].Path != "" {
		t.Error("a layer of zeros draws something")
	}
	coordinated, organic := rects(t, c.Layers[0].Path), rects(t, c.Layers[2].Path)
	if len(coordinated) != 1 || len(organic) != 2 {
		t.Fatalf("%d and %d bars, want 1 and 2: a bucket without posts has none", len(coordinated), len(organic))
	}
	if coordinated[0][3] != c.PlotBottom {
		t.Errorf("lowest layer stands at %v, want on the axis at %v", coordinated[0][3], c.PlotBottom)
	}
	if organic[1][3] != coordinated[0][2] {
		t.Errorf("organic stands at %v, want on the coordinated top %v", organic[1][3], coordinated[0][2])
	}
	if organic[0][2] != c.PlotTop || organic[1][2] != c.PlotTop {
		t.Errorf("stacks of 40 reach to %v and %v, want to the top %v", organic[0][2], organic[1][2], c.PlotTop)
	}
}

func TestChartShowsTheSmallest(t *testing.T) {
	c := New(spec([]float64{1, 0}, []float64{0, 0}, []float64{0, 1e6}))
	r := rects(t, c.Layers[0].Path)
	if len(r) != 1 || r[0][3]-r[0][2] < 0.7 {
		t.Errorf("one post beside a million cannot be seen: %v", r)
	}
}

// A burst of one minute stays in sight however long the range is.
func TestChartThinsByPeak(t *testing.T) {
	values := [][]float64{make([]float64, 2000), make([]float64, 2000), make([]float64, 2000)}
	for i := range values[2] {
		values[2][i] = 2
	}
	values[0][1234] = 90
	c := New(spec(values...))
	if c.BucketsPerColumn != 7 {
		t.Errorf("%d buckets a column, want 7", c.BucketsPerColumn)
	}
	r := rects(t, c.Layers[0].Path)
	if len(r) != 1 || r[0][3]-r[0][2] < 0.8*(c.PlotBottom-c.PlotTop) {
		t.Errorf("burst drawn as %v", r)
	}
}

func TestChartAveragesShares(t *testing.T) {
	got := thin([]Layer{{"coordinated", []float64{100, 10, 0, 0}}, {"organic", []float64{0, 90, 0, 0}}}, 2, []float64{1, 9, 0, 0})
	want := []Layer{{"coordinated", []float64{19, 0}}, {"organic", []float64{81, 0}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Property: nothing is ever drawn outside the plot, however many and whatever
// the values.
func TestChartStaysInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		top := rapid.SampledFrom([]float64{1, 50, 1e4, 1e12}).Draw(t, "top")
		seed := rapid.Uint64().Draw(t, "seed")
		values := [][]float64{make([]float64, n), make([]float64, n), make([]float64, n)}
		for k := range values {
			for i := range values[k] {
				seed = seed*6364136223846793005 + 1442695040888963407
				if seed>>62 > 0 {
					values[k][i] = math.Floor(top * float64(seed>>33) / float64(1<<31))
				}
			}
		}
		s := spec(values...)
		s.Width = rapid.Float64Range(200, 1200).Draw(t, "width")
		s.Marks = []Mark{{From: s.From.Add(-time.Hour), To: s.From.Add(time.Duration(n+1) * time.Hour), Class: "coordinated"}}
		c := New(s)
		for _, l := range c.Layers {
			for _, r := range rects(t, l.Path) {
				if r[0] < c.PlotLeft-0.1 || r[1] > c.PlotRight+0.1 || r[2] < c.PlotTop-2.5 || r[3] > c.PlotBottom+0.1 || r[1] < r[0] || r[3] < r[2] {
					t.Fatalf("bar %v lies outside %v..%v, %v..%v", r, c.PlotLeft, c.PlotRight, c.PlotTop, c.PlotBottom)
				}
			}
		}
		for _, m := range c.Lane {
			if m.X < c.PlotLeft-0.1 || m.X+m.Width > c.PlotRight+0.1 {
				t.Fatalf("mark %v lies outside", m)
			}
		}
		for _, k := range c.XTicks {
			if k.Pos < c.PlotLeft-0.1 || k.Pos > c.PlotRight+0.1 {
				t.Fatalf("tick %v lies outside", k)
			}
		}
	})
}

func TestEmptyChart(t *testing.T) {
	c := New(Spec{ID: "c", Width: 300, Height: 200})
	if len(c.Layers) > 0 || len(c.YTicks) == 0 {
		t.Errorf("%+v", c)
	}
}

// Ticks are round on the reader's clocks, also in the nights when these are put
// forward and back.
func TestTicksInAZone(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no zones on this machine: %v", err)
	}
	for _, test := range []struct {
		name string
		from time.Time
		span time.Duration
		min  float64
		want []string
	}{
		{"hours put forward", time.Date(2031, 3, 30, 0, 30, 0, 0, berlin), 4 * time.Hour, 190, []string{"01:00", "03:00", "04:00", "05:00"}},
		{"hours put back", time.Date(2031, 10, 26, 0, 30, 0, 0, berlin), 4 * time.Hour, 190, []string{"01:00", "02:00", "03:00"}},
		{"days", time.Date(2031, 3, 29, 12, 0, 0, 0, berlin), 72 * time.Hour, 300, []string{"30 Mar", "31 Mar", "1 Apr"}},
		{"quarters of an hour off", time.Date(2031, 6, 1, 0, 10, 0, 0, time.FixedZone("", 5*3600+45*60)), 3 * time.Hour, 300, []string{"01:00", "02:00", "03:00"}},
	} {
		var got []string
		for _, k := range timeTicks(test.from, test.from.Add(test.span), 1000, test.min, nil) {
			got = append(got, k.Label)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
