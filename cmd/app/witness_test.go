package app

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/cmd/config"
	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
	"winnow/storage/evidence/witness/witnesstest"
)

// Heads go to those whom the configuration names, of the campaigns that they are told of,
// and are stamped.
func TestWitnesses(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.URL.Path+" "+string(body))
	}))
	t.Cleanup(server.Close)
	noon := time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)
	authority, err := witnesstest.New(noon, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(authority.Close)
	cfg := config.Config{Evidence: config.Evidence{Witness: config.Witness{
		Every: config.Span(time.Hour), Receivers: []string{"all", "games"},
		Authority: &config.Authority{URL: config.Secret(authority.URL), AllowPrivate: true},
	}}}
	for name, campaigns := range map[string][]string{"all": nil, "games": {"games"}, "unasked": nil} {
		cfg.Notify.Receivers = append(cfg.Notify.Receivers, config.Receiver{
			Name: name, URL: config.Secret("generic+" + server.URL + "/" + name), MaxPerHour: 6, AllowPrivate: true, Campaigns: campaigns,
		})
	}
	a := &App{cfg: cfg, deps: Deps{Version: "test", Log: slog.New(slog.DiscardHandler), Now: time.Now}, metrics: newRegistry("test")}
	s, err := evidence.Open(t.TempDir(), evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, campaign := range []string{"games", "other"} {
		if err := s.Append(t.Context(), campaign, content.Position{Sequence: 1}, []content.Record{{PostID: "1", ReceivedAt: noon}}); err != nil {
			t.Fatal(err)
		}
	}
	w, err := a.witnesses(s)
	if err != nil {
		t.Fatal(err)
	}
	if n := w.Once(t.Context()); n != 4 || len(got) != 3 || len(authority.Asked) != 2 {
		t.Errorf("%d shown, %d stamped: %q", n, len(authority.Asked), got)
	}
	head, err := s.Head("games")
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(got, "\n")
	for text, want := range map[string]int{"/games ": 1, "/all ": 2, "/unasked ": 0, head.String(): 4, "Winnow: head of the evidence": 3} {
		if n := strings.Count(all, text); n != want {
			t.Errorf("%q %d times, want %d, in %s", text, n, want, all)
		}
	}
	if none, err := (&App{}).witnesses(s); none != nil || err != nil {
		t.Errorf("of nobody: %v, %v", none, err)
	}
}
