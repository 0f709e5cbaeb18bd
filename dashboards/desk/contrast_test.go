package desk

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/palette"
)

var customColour = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{3,6});`)

// luminance is the relative luminance of a colour, 0 to 1, as WCAG 2.2 defines it.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatalf("colour %s: %v", hex, err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// Text is readable and shapes can be told from their ground, in light and in
// dark: WCAG 2.2 AA asks for 4.5 and 3.
func TestContrast(t *testing.T) {
	light, dark, ok := strings.Cut(palette.CSS, "@media screen and (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("there are no dark colours")
	}
	colours := map[string]string{}
	for _, scheme := range []struct{ name, css string }{{"light", light}, {"dark", dark}} {
		for _, m := range customColour.FindAllStringSubmatch(scheme.css, -1) {
			colours[m[1]] = m[2]
		}
		for _, pair := range []struct {
			front, back string
			want        float64
		}{
			{"ink", "paper", 7},
			{"ink", "card", 7},
			{"quiet", "paper", 4.5},
			{"quiet", "card", 4.5},
			{"accent", "paper", 4.5},
			{"accent", "card", 4.5},
			{"top-ink", "top", 4.5},
			{"top-quiet", "top", 4.5},
			{"found-ink", "found-paper", 4.5},
			{"found-ink", "card", 4.5},
			{"declared-ink", "declared-paper", 4.5},
			{"calm-ink", "calm-paper", 4.5},
			{"notice-ink", "notice-paper", 4.5},
			{"organic", "card", 3},
			{"coordinated", "card", 3},
			{"declared", "card", 3},
			{"reach", "card", 3},
			{"hatch", "declared", 3},
			{"unseen", "card", 3},
			{"unseen", "unseen-paper", 3},
			{"found-ink", "card", 4.5},
			{"notice-ink", "card", 4.5},
			{"focus", "paper", 3},
			{"focus", "card", 3},
		} {
			front, back := colours[pair.front], colours[pair.back]
			if front == "" || back == "" {
				t.Fatalf("%s: no colour %s or %s", scheme.name, pair.front, pair.back)
			}
			a, b := luminance(t, front), luminance(t, back)
			if got := (math.Max(a, b) + 0.05) / (math.Min(a, b) + 0.05); got < pair.want {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", scheme.name, pair.front, pair.back, got, pair.want)
			}
		}
	}
}

// The pages load nothing from elsewhere.
func TestNothingFromElsewhere(t *testing.T) {
	for _, name := range []string{"assets/desk.css", "assets/coverage.css", "assets/finding.css", "assets/time.css"} {
		sheet, err := frame.Assets.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"url(", "@import", "http:", "https:"} {
			if strings.Contains(string(sheet), bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		if screen, _, _ := strings.Cut(string(sheet), "@media print"); customColour.MatchString(screen) {
			t.Errorf("%s names a colour, whose contrast is not checked", name)
		}
	}
}
