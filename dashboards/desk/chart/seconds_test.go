package chart

import (
	"strings"
	"testing"
	"time"
)

func TestTimeTicksToTheSecond(t *testing.T) {
	from := time.Date(2031, 6, 12, 18, 29, 57, 0, time.FixedZone("", 5*3600+45*60))
	for _, test := range []struct {
		long time.Duration
		want string
	}{
		{0, ""},
		{10 * time.Second, "18:29:58 18:30:00 18:30:02 18:30:04 18:30:06"},
		{2 * time.Minute, "18:30:00 18:30:30 18:31:00 18:31:30"},
		{4 * time.Minute, "18:30 18:31 18:32 18:33"},
		{3 * time.Hour, "19:00 20:00 21:00"},
	} {
		var got []string
		last := 0.0
		for _, k := range TimeTicks(from, from.Add(test.long), 8, 408, nil) {
			got = append(got, k.Label)
			if k.Pos < 8 || k.Pos > 408 || last > 0 && k.Pos-last < tickGapTime-1 {
				t.Errorf("over %v: %s lies at %v after %v", test.long, k.Label, k.Pos, last)
			}
			last = k.Pos
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("over %v: %q, want %q", test.long, got, test.want)
		}
	}
}
