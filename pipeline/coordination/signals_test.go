package coordination

import (
	"slices"
	"testing"
	"time"

	"winnow/pipeline/post"
)

// TestSignals gives a group of copiers different ways, and looks for the signs
// beside the same evidence: they earn nothing.
func TestSignals(t *testing.T) {
	w := newWorld(9)
	w.talk(800, 500, 6*days)
	ways := map[string]func(a *post.Account){
		"plain0": nil,
		"plain1": nil,
		"plain2": nil,
		"robot3": func(a *post.Account) { a.Bot = true },
		"empty4": func(a *post.Account) { a.DefaultProfile = true },
		"fresh5": func(a *post.Account) { a.CreatedAt = start.AddDate(0, 0, -5) },
		"awake6": nil,
		"clock7": nil,
	}
	own := func(name string, at time.Time) {
		w.add(&post.Post{Account: post.Account{ID: name, CreatedAt: start.AddDate(-2, 0, 0)}, PostedAt: at, Text: w.words(9)})
	}
	for hour := range 5 * 24 {
		own("awake6", w.within(start.Add(time.Duration(hour)*time.Hour), time.Hour))
	}
	for i := range 8 {
		own("clock7", start.Add(30*time.Hour).Add(time.Duration(i)*17*time.Minute))
	}
	text := w.words(14)
	for name, change := range ways {
		a := post.Account{ID: name, CreatedAt: start.AddDate(-2, 0, 0)}
		if change != nil {
			change(&a)
		}
		w.add(&post.Post{Account: a, PostedAt: w.within(start.Add(5*24*time.Hour+time.Hour), 40*time.Second), Text: text})
	}
	fs := find(Config{}, w.sorted())
	if len(fs) != 1 || len(fs[0].Accounts) != len(ways) {
		show(t, fs)
		t.Fatalf("%d findings, want the %d copiers in one", len(fs), len(ways))
	}
	want := map[string]Signal{"robot3": SignalBot, "empty4": SignalBare, "fresh5": SignalYoung, "awake6": SignalSleepless, "clock7": SignalClockwork}
	for _, a := range fs[0].Accounts {
		var signals []Signal
		if s, ok := want[a.AccountID]; ok {
			signals = []Signal{s}
		}
		if !slices.Equal(a.Signals, signals) {
			t.Errorf("%s: %q, want %q", a.AccountID, a.Signals, signals)
		}
		if a.Bits != fs[0].Accounts[0].Bits {
			t.Errorf("%s earns %.2f bits, another %.2f", a.AccountID, a.Bits, fs[0].Accounts[0].Bits)
		}
	}
}
