package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/cmd/app"
)

// shippedRules are those of the stack.
const shippedRules = "../../dashboards/prometheus/winnow.rules.yml"

// prometheusServer is a real Prometheus that runs the shipped rules.
type prometheusServer struct{ url string }

// startPrometheus scrapes one address every two seconds, as the job winnow. Of the rules
// only the times are changed for which something must last, so that the test need
// not wait as long: every "for" becomes one second.
func startPrometheus(t *testing.T, target string) *prometheusServer {
	t.Helper()
	program := tool(t, "prometheus")
	dir := t.TempDir()
	rules, err := os.ReadFile(shippedRules)
	if err != nil {
		t.Fatal(err)
	}
	waits := regexp.MustCompile(`(?m)^        for: \w+$`)
	if n := len(waits.FindAll(rules, -1)); n == 0 || n != strings.Count(string(rules), "- alert: ") {
		t.Fatalf("%d alerts have a for of the form that is shortened here", n)
	}
	conf := fmt.Sprintf(`
global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 1s}
rule_files: [winnow.rules.yml]
scrape_configs:
  - job_name: winnow
    static_configs: [{targets: [%q]}]
`, target)
	for name, text := range map[string]string{"winnow.rules.yml": waits.ReplaceAllString(string(rules), "        for: 1s"), "prometheus.yml": conf} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "--config.file="+filepath.Join(dir, "prometheus.yml"),
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// It takes a free port and says which.
	address := make(chan string, 1)
	drained := make(chan struct{})
	var last []string
	go func() {
		defer close(drained)
		defer close(address)
		listening := regexp.MustCompile(`msg="Listening on".* address=(\S+)`)
		for lines := bufio.NewScanner(said); lines.Scan(); {
			if m := listening.FindStringSubmatch(lines.Text()); m != nil {
				address <- m[1]
			}
			last = append(last[max(0, len(last)-9):], lines.Text())
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-drained
		_ = cmd.Wait() // it was killed
		if t.Failed() {
			t.Logf("Prometheus said at last:\n%s", strings.Join(last, "\n"))
		}
	})
	select {
	case a, ok := <-address:
		if !ok {
			t.Fatal("Prometheus ended instead of listening")
		}
		return &prometheusServer{url: "http://" + a}
	case <-time.After(30 * time.Second):
		t.Fatal("Prometheus does not listen")
		return nil
	}
}

// ask reads an answer of the API; false while it does not answer.
func (p *prometheusServer) ask(ctx context.Context, t *testing.T, path string, data any) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close() //nolint:errcheck // it was only read
	answer := struct{ Data any }{data}
	return res.StatusCode == http.StatusOK && json.NewDecoder(res.Body).Decode(&answer) == nil
}

// promAlert is an alert that is pending or fires.
type promAlert struct {
	Labels, Annotations map[string]string
	State               string
}

func (p *prometheusServer) firing(ctx context.Context, t *testing.T) (all []promAlert) {
	t.Helper()
	var data struct{ Alerts []promAlert }
	p.ask(ctx, t, "/api/v1/alerts", &data)
	for _, a := range data.Alerts {
		if a.State == "firing" {
			all = append(all, a)
		}
	}
	return all
}

// fires reports whether an alert does, about a source whose name begins like this.
func (p *prometheusServer) fires(ctx context.Context, t *testing.T, name, source string) bool {
	t.Helper()
	i := slices.IndexFunc(p.firing(ctx, t), func(a promAlert) bool {
		return a.Labels["alertname"] == name && strings.HasPrefix(a.Labels["source"], source)
	})
	return i >= 0
}

// evaluated reports whether every rule was, without an error, and what was scraped.
func (p *prometheusServer) evaluated(ctx context.Context, t *testing.T) bool {
	t.Helper()
	var data struct {
		Groups []struct {
			Rules []struct{ Name, Health, LastError string }
		}
	}
	if !p.ask(ctx, t, "/api/v1/rules", &data) || len(data.Groups) == 0 {
		return false
	}
	for _, g := range data.Groups {
		for _, r := range g.Rules {
			if r.LastError != "" {
				t.Fatalf("rule %s: %s", r.Name, r.LastError)
			}
			if r.Health != "ok" {
				return false
			}
		}
	}
	// Recorded from what was scraped.
	return len(p.query(ctx, t, "instance:winnow_log_fullness:ratio")) == 1 && len(p.query(ctx, t, "source:winnow_collector_buffer_fullness:ratio")) == 2
}

func (p *prometheusServer) query(ctx context.Context, t *testing.T, expr string) []any {
	t.Helper()
	var data struct{ Result []any }
	p.ask(ctx, t, "/api/v1/query?query="+url.QueryEscape(expr), &data)
	return data.Result
}

// TestFaultsRaiseAlerts has a real Prometheus watch what serve runs, under the
// shipped rules: in calm nothing fires; a source that is cut off, one that is
// refused, and Winnow's end each raise their alert, and what is mended is no alert
// any more.
func TestFaultsRaiseAlerts(t *testing.T) {
	t.Parallel()
	tool(t, "prometheus")
	base, deps := setup(t)
	cfg, platforms := threePlatforms(t, base)
	cfg.Collectors.X = nil // it waits for its rules to count before it is live
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	desk := ""
	var prom *prometheusServer
	role := app.Role{Desk: true, Settle: true, Collect: true, Ready: func(url string) { desk = url }}
	err = a.Run(ctx, role, func(ctx context.Context, _ *app.Running) error {
		await(ctx, t, "all sources live", func() bool { return strings.Contains(page(ctx, t, desk), "2 sources live") })
		prom = startPrometheus(t, strings.Trim(strings.TrimPrefix(desk, "http://"), "/"))
		await(ctx, t, "all rules evaluated", func() bool { return prom.evaluated(ctx, t) })
		if calm := prom.firing(ctx, t); len(calm) > 0 {
			t.Errorf("with nothing wrong these fire: %+v", calm)
		}

		mastodon, bluesky := platforms["mastodon"], platforms["bluesky"]
		mastodon.Answer(http.StatusUnauthorized, nil)
		mastodon.Cut()
		await(ctx, t, "the alert on the source that is refused", func() bool {
			return prom.fires(ctx, t, "WinnowSourceStopped", "mastodon/")
		})
		if prom.fires(ctx, t, "WinnowSourceDown", "bluesky/") || prom.fires(ctx, t, "WinnowCoverageLost", "bluesky/") {
			t.Error("an alert fires for the source that is well")
		}
		bluesky.Refuse(true)
		bluesky.Cut()
		await(ctx, t, "the alerts on the source that is cut off", func() bool {
			return prom.fires(ctx, t, "WinnowSourceDown", "bluesky/") && prom.fires(ctx, t, "WinnowCoverageLost", "bluesky/")
		})
		for _, f := range prom.firing(ctx, t) {
			if text := f.Annotations["summary"] + f.Annotations["description"]; strings.Contains(text, "error") || strings.Contains(text, "{{") {
				t.Errorf("%s says %q", f.Labels["alertname"], text)
			}
		}
		bluesky.Refuse(false)
		await(ctx, t, "no alert on the source that is back", func() bool {
			return !prom.fires(ctx, t, "WinnowSourceDown", "bluesky/") && !prom.fires(ctx, t, "WinnowCoverageLost", "bluesky/") &&
				prom.fires(ctx, t, "WinnowSourceStopped", "mastodon/")
		})
		return nil
	})
	if err != nil || prom == nil {
		t.Fatal(err)
	}
	await(ctx, t, "the alert that Winnow is gone", func() bool { return prom.fires(ctx, t, "WinnowDown", "") })
}

// The rules name metrics of a ClickHouse server, which the engine knows as well: it
// is the same program.
func TestRulesNameMetricsOfClickHouse(t *testing.T) {
	t.Parallel()
	rules, err := os.ReadFile(shippedRules)
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\bClickHouseMetrics_(\w+)`).FindAllStringSubmatch(string(rules), -1)
	if len(names) == 0 {
		t.Fatal("the rules look at no ClickHouse server")
	}
	cfg, deps := setup(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	err = a.Run(t.Context(), app.Role{}, func(ctx context.Context, r *app.Running) error {
		for _, name := range names {
			found, err := rows(ctx, r, "SELECT metric FROM system.metrics WHERE metric = '"+name[1]+"'")
			if err != nil || len(found) != 1 {
				t.Errorf("a ClickHouse server has no metric %s: %v", name[1], err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
