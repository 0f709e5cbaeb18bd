package app_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/collectors/archive"
	"winnow/collectors/scenario"
	"winnow/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// setup returns an app's configuration and surroundings in a temporary
// directory, with this test binary as its engine.
func setup(t testing.TB) (config.Config, app.Deps) {
	t.Helper()
	engine := storagetest.Config(t)
	cfg, err := config.Load("")
	if err != nil {
		t.Fatal(err)
	}
	cfg.DataDir = t.TempDir()
	cfg.Desk.Listen = "127.0.0.1:0"
	cfg.Engine.Library = engine.Library
	return cfg, app.Deps{Version: "test", EngineCommand: engine.Command, Log: slog.New(slog.DiscardHandler), Now: time.Now}
}

// writeCSV writes n posts of a story as a normalised archive.
func writeCSV(t testing.TB, path string, n int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := w.Write([]string{"content_id", "account_id", "timestamp_share", "platform", "followers", "hashtags", "urls", "reply_to", "retweet_of", "text", "lang"}); err != nil {
		t.Fatal(err)
	}
	written := 0
	for p := range scenario.New(scenario.Config{Scale: max(1, float64(n)/30_000)}).Posts() {
		if written++; written > n {
			break
		}
		followers := ""
		if n, known := p.Account.Followers.Get(); known {
			followers = strconv.FormatUint(n, 10)
		}
		var tags []string
		for _, tag := range p.Tags {
			tags = append(tags, tag.Posted)
		}
		if err := w.Write([]string{
			p.ID, p.Account.ID, strconv.FormatInt(p.PostedAt.UnixMilli(), 10), string(p.Platform), followers,
			strings.Join(tags, " "), strings.Join(p.Links, " "), p.ReplyTo.PostID, p.RepostOf.PostID, p.Text, p.Lang,
		}); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url) //nolint:noctx // a test against loopback
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// A second process on the same data directory goes through the first; pages
// and metrics show what came in.
func TestServeTakesPostsFromOthers(t *testing.T) {
	t.Parallel()
	cfg, deps := setup(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "talk.csv")
	writeCSV(t, file, 500)

	var desk string
	role := app.Role{Desk: true, Settle: true, Ready: func(url string) { desk = url }}
	err = a.Run(t.Context(), role, func(ctx context.Context, _ *app.Running) error {
		other, err := app.New(cfg, deps)
		if err != nil {
			return err
		}
		if err := other.Run(ctx, app.Role{}, nil); !errors.Is(err, control.ErrOwned) {
			t.Errorf("a second owner: %v, want ErrOwned", err)
		}
		client, err := control.Dial(cfg.DataDir)
		if err != nil {
			return err
		}
		report, err := archive.Replay(ctx, file, client, archive.Options{RejectDir: t.TempDir()})
		if err != nil {
			return err
		}
		if err := client.Drain(ctx); err != nil {
			return err
		}
		if report.Posts != 500 {
			t.Errorf("%d posts replayed, want 500", report.Posts)
		}
		if code, body := get(t, desk); code != 200 || !strings.Contains(body, "talk") || !strings.Contains(body, "500") {
			t.Errorf("the desk: %d\n%s", code, body)
		}
		if code, body := get(t, desk+"campaign?name=talk"); code != 200 || !strings.Contains(body, "<svg") {
			t.Errorf("the campaign's page: %d", code)
		}
		code, body := get(t, desk+"metrics")
		if code != 200 || !strings.Contains(body, "winnow_pipeline_posts_total 500") {
			t.Errorf("metrics: %d\n%s", code, body)
		}
		wantPrivate(t, cfg.DataDir)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// snapshot is everything that must not depend on crashes.
func snapshot(t *testing.T, ctx context.Context, q control.Owner) string {
	t.Helper()
	var out strings.Builder
	for _, sql := range []string{
		"SELECT * EXCEPT(version) FROM posts FINAL ORDER BY campaign, platform, post_id",
		"SELECT * EXCEPT(version) FROM reach FINAL WHERE posts > 0 ORDER BY campaign, step, tag, platform, at",
		"SELECT * EXCEPT(version) FROM findings FINAL WHERE state = 'open' ORDER BY campaign, finding_id",
		"SELECT * EXCEPT(version) FROM finding_accounts FINAL ORDER BY campaign, finding_id, platform, account_id",
	} {
		r, err := q.Query(ctx, sql, "TSV")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "%s\n%s\n", sql, text)
	}
	return out.String()
}

// However often a replay is cut off, and however far it had come, the end is
// that of a replay in one go.
func TestInterruptedReplayEndsTheSame(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "story.csv")
	writeCSV(t, file, 12_000)
	replay := func(cfg config.Config, deps app.Deps, cut int64) (shot string, err error) {
		a, err := app.New(cfg, deps)
		if err != nil {
			return "", err
		}
		err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
			ctx, stop := context.WithCancel(ctx)
			defer stop()
			_, err := archive.Replay(ctx, file, r, archive.Options{BatchPosts: 500, RejectDir: t.TempDir(), Progress: func(p archive.Progress) {
				if cut > 0 && p.Posts >= cut {
					stop()
				}
			}})
			if err != nil {
				return err
			}
			if err := r.Drain(ctx); err != nil {
				return err
			}
			shot = snapshot(t, ctx, r)
			return nil
		})
		return shot, err
	}
	cfg, deps := setup(t)
	want, err := replay(cfg, deps, 0)
	if err != nil {
		t.Fatal(err)
	}
	cfg, deps = setup(t)
	for _, cut := range []int64{1000, 6000, 9000} {
		if _, err := replay(cfg, deps, cut); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("cut at %d posts: %v", cut, err)
		}
	}
	got, err := replay(cfg, deps, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("the interrupted replay differs: %d bytes instead of %d", len(got), len(want))
	}
	if n := strings.Count(want, "\n"); n < 12_000 {
		t.Errorf("only %d rows compared", n)
	}
}

// Whoever loses the store but not the log is told so, and again at the next
// start: sources would go on as if nothing were missing.
func TestStoreThatIsGoneIsNotReplacedInSilence(t *testing.T) {
	t.Parallel()
	cfg, deps := setup(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(context.Context, *app.Running) error { return nil }
	for range 2 {
		if err := a.Run(t.Context(), app.Role{}, nothing); err != nil {
			t.Fatal(err)
		}
		if a, err = app.New(cfg, deps); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(cfg.DataDir, "store")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := a.Run(t.Context(), app.Role{}, nothing); !errors.Is(err, app.ErrStoreGone) || !strings.Contains(err.Error(), cfg.DataDir) {
			t.Errorf("error %v, want ErrStoreGone with the path of the log", err)
		}
		if a, err = app.New(cfg, deps); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBadConfigurationStartsNothing(t *testing.T) {
	cfg, deps := setup(t)
	cfg.Campaigns = []config.Campaign{{Name: "", Tags: []string{"#"}}}
	if _, err := app.New(cfg, deps); err == nil {
		t.Error("a campaign without a name was taken")
	}
}
