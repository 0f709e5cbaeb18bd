package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/collectors"
	"winnow/collectors/bluesky/blueskytest"
	"winnow/collectors/collectortest"
	"winnow/collectors/mastodon/mastodontest"
	"winnow/collectors/x/xtest"
)

// threePlatforms writes a configuration that names all three, each at a fake,
// and returns it as loaded.
func threePlatforms(t *testing.T, cfg config.Config) (config.Config, map[string]collectortest.Platform) {
	t.Helper()
	x, err := xtest.New(xtest.Options{Token: "x-secret", Tag: "#" + soakTag})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	m := mastodontest.New(mastodontest.Options{Tag: soakTag})
	t.Cleanup(m.Close)
	b := blueskytest.New(blueskytest.Options{Tag: soakTag})
	t.Cleanup(b.Close)

	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("x-token", "x-secret\n")
	write("mastodon-token", mastodontest.UserToken+"\n")
	path := write("winnow.yaml", fmt.Sprintf(`
campaigns:
  - {name: games, tags: [%q]}
data_dir: %q
desk: {listen: "127.0.0.1:0"}
engine: {library: %q}
collectors:
  x: {bearer_token_file: x-token, url: %q, budget: {posts_per_month: 100000}, allow_private: true}
  mastodon:
    - {instance: %q, token_file: mastodon-token, allow_private: true}
  bluesky: {hosts: [%q], profiles: none, allow_private: true}
`, soakTag, cfg.DataDir, cfg.Engine.Library, x.URL(), m.URL(), b.URL()))
	loaded, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return loaded, map[string]collectortest.Platform{"x": x, "mastodon": m, "bluesky": b}
}

func page(ctx context.Context, t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, resp.Status, err)
	}
	return string(body)
}

// TestServeShowsLiveSources runs what serve runs: posts of all three platforms
// reach the store, and the desk shows the sources with what they saw.
func TestServeShowsLiveSources(t *testing.T) {
	t.Parallel()
	base, deps := setup(t)
	cfg, platforms := threePlatforms(t, base)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	desk := ""
	role := app.Role{Desk: true, Settle: true, Collect: true, Ready: func(url string) { desk = url }}
	err = a.Run(ctx, role, func(ctx context.Context, r *app.Running) error {
		await(ctx, t, "all sources live", func() bool {
			return strings.Contains(page(ctx, t, desk), "3 sources live")
		})
		const each = 20
		for _, p := range platforms {
			for i := range each {
				p.Publish(fmt.Sprintf("post number %d", i))
			}
		}
		counts := func() string {
			rows, err := r.Query(ctx, "SELECT platform, uniqExact(post_id) FROM posts FINAL WHERE campaign = 'games' GROUP BY platform ORDER BY platform", "TSV")
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close() //nolint:errcheck // it was only read
			text, err := io.ReadAll(rows)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		}
		want := fmt.Sprintf("bluesky\t%d\nmastodon\t%d\nx\t%d\n", each, each, each)
		await(ctx, t, "all posts stored", func() bool { return counts() == want })

		coverage := page(ctx, t, desk+"coverage")
		for _, s := range []string{"X (stream)", "Mastodon (", "Bluesky (jetstream)", "Live.", "Seen in the last 24 hours", "of 100,000 posts that may be read"} {
			if !strings.Contains(coverage, s) {
				t.Errorf("the page on coverage does not say %q", s)
			}
		}
		await(ctx, t, "the campaign's page says what was seen", func() bool {
			return strings.Contains(page(ctx, t, desk+"campaign?name=games"), "Seen:")
		})
		for _, secret := range []string{"x-secret", mastodontest.UserToken} {
			if strings.Contains(coverage, secret) {
				t.Error("the page on coverage shows a token")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestProbe asks the same three whether they would work, and one that lost its
// token.
func TestProbe(t *testing.T) {
	t.Parallel()
	base, deps := setup(t)
	cfg, _ := threePlatforms(t, base)
	asked := probe(t, cfg, deps)
	if len(asked) != 3 {
		t.Errorf("%d sources were asked, want 3", len(asked))
	}
	for source, checks := range asked {
		for _, c := range checks {
			if c.Outcome == collectors.Bad {
				t.Errorf("%s: %s; %s", source, c.Text, c.Advice)
			}
		}
	}
	cfg.Collectors.X.BearerToken = "revoked"
	bad := 0
	for _, c := range probe(t, cfg, deps)["x/stream"] {
		if c.Outcome == collectors.Bad {
			bad++
			if c.Advice == "" || strings.Contains(c.Text+c.Advice, "revoked") {
				t.Errorf("told %q, advised %q", c.Text, c.Advice)
			}
		}
	}
	if bad == 0 {
		t.Error("a revoked token is not noticed")
	}
}

func probe(t *testing.T, cfg config.Config, deps app.Deps) map[string][]collectors.Check {
	t.Helper()
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string][]collectors.Check{}
	if err := a.Probe(t.Context(), func(source string, checks []collectors.Check) { asked[source] = checks }); err != nil {
		t.Fatal(err)
	}
	return asked
}

// await asks again and again until something holds.
func await(ctx context.Context, t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for: %s", what)
		case <-tick.C:
		}
	}
}
