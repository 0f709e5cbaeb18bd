package chart

import (
	"bytes"
	"html/template"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"winnow/dashboards/desk/words"
)

func TestChartMarks(t *testing.T) {
	s := spec([]float64{1, 1, 1, 1})
	hour := func(h int) time.Time { return s.From.Add(time.Duration(h) * time.Hour) }
	s.Marks = []Mark{
		{hour(1), hour(2), "coordinated"},
		{hour(3), hour(3), "declared"},
		{hour(-3), hour(-1), "coordinated"},
		{hour(4), hour(5), "coordinated"},
		{hour(-1), hour(9), "declared"},
	}
	c := New(s)
	if len(c.Lane) != 3 {
		t.Fatalf("%d marks, want the 3 inside the range: %v", len(c.Lane), c.Lane)
	}
	width := c.PlotRight - c.PlotLeft
	if got := c.Lane[0].Width; math.Abs(got-width/4) > 0.2 {
		t.Errorf("an hour of four is %v wide, want %v", got, width/4)
	}
	if c.Lane[1].Width < 4 {
		t.Error("a moment cannot be seen")
	}
	if math.Abs(c.Lane[2].Width-width) > 0.2 {
		t.Errorf("a mark beyond both ends is %v wide, want %v", c.Lane[2].Width, width)
	}
}

// Shades that touch are one and tell each line once; faint ones lie below, and
// what ends where the plot begins is not in it.
func TestChartShades(t *testing.T) {
	s := spec([]float64{1, 1, 1, 1})
	at := func(minutes int) time.Time { return s.From.Add(time.Duration(minutes) * time.Minute) }
	s.Shades = []Shade{
		{at(90), at(120), false, "b"},
		{at(60), at(100), false, "a"},
		{at(110), at(115), false, "a"},
		{at(119), at(120), false, "c"},
		{at(120), at(120), false, "d"},
		{at(200), at(200), false, "a moment"},
		{at(100), at(180), true, "in part"},
		{at(-30), at(0), false, "before"},
		{at(240), at(300), false, "after"},
	}
	c := New(s)
	hour := (c.PlotRight - c.PlotLeft) / 4
	type placed struct {
		Faint bool
		Texts string
		More  int
	}
	var got []placed
	for _, r := range c.Shades {
		got = append(got, placed{r.Faint, strings.Join(r.Texts, ","), r.More})
	}
	want := []placed{{true, "in part", 0}, {false, "a,b,c", 1}, {false, "a moment", 0}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
	if r := c.Shades[1]; math.Abs(r.X-c.PlotLeft-hour) > 0.2 || r.Width < hour-0.2 || r.Width > hour+minShade+0.2 {
		t.Errorf("an hour lies at %v, %v wide", r.X, r.Width)
	}
	if r := c.Shades[2]; r.Width < minShade {
		t.Errorf("a moment is %v wide and cannot be seen", r.Width)
	}
	if !c.Faint || !c.Full {
		t.Errorf("patterns: faint %v, full %v, want both", c.Faint, c.Full)
	}
}

// Property: however many shades, they stay inside the plot, those of a kind do
// not overlap, and every one that overlaps the range is covered.
func TestChartShadesAlways(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := spec(make([]float64, 48))
		s.Width = rapid.Float64Range(200, 1200).Draw(t, "width")
		n := rapid.IntRange(0, 300).Draw(t, "n")
		for range n {
			from := s.From.Add(time.Duration(rapid.IntRange(-600, 60*50).Draw(t, "from")) * time.Minute)
			long := time.Duration(rapid.IntRange(0, 900).Draw(t, "long")) * time.Minute
			s.Shades = append(s.Shades, Shade{from, from.Add(long), rapid.Bool().Draw(t, "faint"), "x"})
		}
		c := New(s)
		end := map[bool]float64{}
		for _, r := range c.Shades {
			if r.X < c.PlotLeft-0.1 || r.X+r.Width > c.PlotRight+0.1 || r.Width <= 0 {
				t.Fatalf("shade %v lies outside %v..%v", r, c.PlotLeft, c.PlotRight)
			}
			if last, ok := end[r.Faint]; ok && r.X <= last {
				t.Fatalf("shade %v overlaps the one before, which ends at %v", r, last)
			}
			end[r.Faint] = r.X + r.Width
		}
		first, last := s.From, s.From.Add(48*time.Hour)
		for _, shade := range s.Shades {
			x0, x1, ok := c.stretch(shade.From, shade.To, first, last, minShade)
			if !ok || !shade.To.After(first) {
				continue
			}
			covered := false
			for _, r := range c.Shades {
				covered = covered || r.Faint == shade.Faint && r.X <= x0+0.2 && r.X+r.Width >= x1-0.2
			}
			if !covered {
				t.Fatalf("%v..%v is not shaded", shade.From, shade.To)
			}
		}
	})
}

// The template names the patterns that the shades use, and only those, and says
// in a title what each shade is about.
func TestShadeMarkup(t *testing.T) {
	pages := template.Must(template.New("").Funcs(words.InEnglish(time.UTC, time.Now).Funcs()).ParseFS(Files, "chart.html"))
	for _, test := range []struct {
		name        string
		faint, full bool
	}{{"none", false, false}, {"faint", true, false}, {"full", false, true}, {"both", true, true}} {
		s := spec([]float64{1, 1, 1, 1})
		if test.faint {
			s.Shades = append(s.Shades, Shade{s.From, s.From.Add(time.Hour), true, "only <a> part"})
		}
		if test.full {
			s.Shades = append(s.Shades, Shade{s.From.Add(2 * time.Hour), s.From.Add(3 * time.Hour), false, "nothing came"})
		}
		var page bytes.Buffer
		if err := pages.ExecuteTemplate(&page, "chart", New(s)); err != nil {
			t.Fatal(err)
		}
		for what, want := range map[string]bool{
			`id="c-faint"`: test.faint, `fill="url(#c-faint)"`: test.faint, "<title>only &lt;a&gt; part</title>": test.faint,
			`id="c-full"`: test.full, `fill="url(#c-full)"`: test.full, "<title>nothing came</title>": test.full,
		} {
			if got := strings.Contains(page.String(), what); got != want {
				t.Errorf("%s: %s there: %v, want %v", test.name, what, got, want)
			}
		}
	}
}
