package view

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var begin = time.Date(2015, 6, 12, 0, 0, 0, 0, time.UTC)

func second(n int) time.Time { return begin.Add(time.Duration(n) * time.Second) }

// drawHole draws a gap within and around a stretch of 100 seconds.
func drawHole(t *rapid.T, i int) (from int, to *int, share float64, fill string) {
	from = rapid.IntRange(-20, 120).Draw(t, fmt.Sprint("from", i))
	if rapid.IntRange(0, 4).Draw(t, fmt.Sprint("open", i)) > 0 {
		end := from + rapid.IntRange(0, 60).Draw(t, fmt.Sprint("length", i))
		to = &end
	}
	share = rapid.SampledFrom([]float64{0, 0, 0, 0.25, 0.5, 0.9, 1}).Draw(t, fmt.Sprint("share", i))
	fill = rapid.SampledFrom([]string{"pending", "lost", "partly", "filled"}).Draw(t, fmt.Sprint("fill", i))
	return from, to, share, fill
}

// What coverage says of a stretch is what one gets by going through it second by
// second and asking each gap.
func TestCoverageIsThatOfEverySecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const from, to = 0, 100
		since := rapid.IntRange(-10, 90).Draw(t, "since")
		var holes []hole
		missing, partly := make([]float64, to), make([]float64, to)
		var gaps uint64
		open := false
		for i := range rapid.IntRange(0, 8).Draw(t, "gaps") {
			start, stop, share, fill := drawHole(t, i)
			var end *time.Time
			last := to
			if stop != nil {
				at := second(*stop)
				end, last = &at, *stop
			}
			if h, ok := newHole(second(start), end, share, fill); ok {
				holes = append(holes, h)
			}
			if fill == "filled" || share == 1 {
				continue
			}
			touches := false
			for s := max(start, since, from); s < min(last, to); s++ {
				touches = true
				if fill == "partly" {
					partly[s] = max(partly[s], 1-share)
				} else {
					missing[s] = max(missing[s], 1-share)
				}
			}
			if touches {
				gaps++
				open = open || stop == nil
			}
		}
		var wantMissing, wantPartly float64
		for s := range missing {
			wantMissing += missing[s]
			wantPartly += max(0, partly[s]-missing[s])
		}
		c := Coverage{From: second(max(from, since)), To: second(to)}
		c.measure(holes)
		near := func(got time.Duration, want float64) bool {
			return (got - time.Duration(want*1e9)).Abs() < time.Microsecond
		}
		if !near(c.Missing, wantMissing) || !near(c.Partly, wantPartly) || c.Gaps != gaps || c.Open != open {
			t.Errorf("missing %v, partly %v, %d gaps, open %v; want %v s, %v s, %d, %v", c.Missing, c.Partly, c.Gaps, c.Open, wantMissing, wantPartly, gaps, open)
		}
		least, most := c.AtLeast(), c.AtMost()
		if least < 0 || least > most || most > 1 {
			t.Errorf("at least %v, at most %v", least, most)
		}
	})
}

func TestHolesOfOddShares(t *testing.T) {
	for _, tt := range []struct {
		share, weight float64
		fill          string
		want          bool
	}{
		{0, 1, "pending", true},
		{0.25, 0.75, "pending", true},
		{-3, 1, "lost", true},
		{1, 0, "pending", false},
		{7, 0, "pending", false},
		{0, 1, "filled", false},
		{0, 1, "what a later version says", true},
	} {
		h, ok := newHole(begin, nil, tt.share, tt.fill)
		if ok != tt.want || h.weight != tt.weight {
			t.Errorf("share %v, %s: weight %v, %v; want %v, %v", tt.share, tt.fill, h.weight, ok, tt.weight, tt.want)
		}
	}
	nan := 0.0
	if h, ok := newHole(begin, nil, nan/nan, "pending"); !ok || h.weight != 1 {
		t.Errorf("a share that is no number: weight %v, %v", h.weight, ok)
	}
}

func BenchmarkMeasure(b *testing.B) {
	var holes []hole
	for i := range 10_000 {
		holes = append(holes, hole{from: second(i), to: second(i + 1 + i%50), weight: 1 / float64(1+i%7), partly: i%3 == 0})
	}
	for b.Loop() {
		c := Coverage{From: begin, To: second(20_000)}
		c.measure(holes)
	}
}
