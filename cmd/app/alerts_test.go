package app

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/cmd/config"
	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/notify"
)

// The desk is told of receivers without what is secret of them, and its tests arrive
// whether this process tells people or not.
func TestAlertBoard(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if got = append(got, string(body)); r.URL.Path == "/refused/hunter2" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	cfg := config.Config{DataDir: t.TempDir()}
	for name, path := range map[string]string{"team": "/taken/hunter2", "gone": "/refused/hunter2"} {
		cfg.Notify.Receivers = append(cfg.Notify.Receivers, config.Receiver{
			Name: name, URL: config.Secret("generic+" + server.URL + path), Include: []string{"text"}, MaxPerHour: 6, AllowPrivate: true,
			Quiet: &config.Quiet{From: "22:00", To: "07:00", Zone: "UTC", Urgent: true}, Events: []string{"attack_begins"}, Campaigns: []string{"games"},
		})
	}
	a := &App{cfg: cfg, deps: Deps{Version: "test", Log: slog.New(slog.DiscardHandler), Now: time.Now}}
	if none, err := (&App{}).alertBoard(nil); none != nil || err != nil {
		t.Errorf("of nobody: %v, %v", none, err)
	}
	receivers, err := a.receivers()
	if err != nil {
		t.Fatal(err)
	}
	n, err := notify.New(notify.Options{Receivers: receivers, Path: filepath.Join(cfg.DataDir, notifyFile), Log: a.deps.Log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []*notify.Notifier{nil, n} {
		got = nil
		board, err := a.alertBoard(n)
		if err != nil {
			t.Fatal(err)
		}
		told, err := json.Marshal(board.Channels())
		if err != nil || strings.Contains(string(told), "hunter2") {
			t.Errorf("the desk is told %s, %v", told, err)
		}
		c := board.Channels()[0]
		want := alerts.Quiet{From: "22:00", To: "07:00", Zone: "UTC", Urgent: true}
		if c.Kind != "generic" || "http://"+c.Host != server.URL || c.PerHour != 6 || !c.Texts || c.Handles || *c.Quiet != want || c.Events[0] != "attack_begins" || c.Campaigns[0] != "games" {
			t.Errorf("%+v", c)
		}
		if err := board.Test(t.Context(), "team"); err != nil || len(got) != 1 || !strings.Contains(got[0], "for “team”. Nothing has happened") {
			t.Errorf("%v, came %q", err, got)
		}
		err = board.Test(t.Context(), "gone")
		var f *alerts.Failure
		if !errors.As(err, &f) || !f.Permanent || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("refused: %v", err)
		}
		if err := board.Test(t.Context(), "nobody"); err == nil || len(got) != 2 {
			t.Errorf("to nobody: %v", err)
		}
	}
}
