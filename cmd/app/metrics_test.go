package app_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"winnow/cmd/app"
	"winnow/cmd/config"
	"winnow/collectors/collectortest"
	"winnow/collectors/x/xtest"
	"winnow/storage/evidence"
)

var update = flag.Bool("update", false, "write docs/metrics.md anew")

// metricsPage is the reference that the code must agree with.
const metricsPage = "../../docs/metrics.md"

// tool finds a program of Debian's package prometheus.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		const hint = " is missing: apt-get install prometheus"
		if os.Getenv("CI") == "true" {
			t.Fatal(name + hint)
		}
		t.Skip(name + hint)
	}
	return path
}

// allPlatforms is threePlatforms with all that has metrics of its own: the v1.1
// stream, Bluesky's profiles, and X's counts.
func allPlatforms(t *testing.T) (config.Config, app.Deps, map[string]collectortest.Platform) {
	t.Helper()
	base, deps := setup(t)
	cfg, platforms := threePlatforms(t, base)
	classic, err := xtest.New(xtest.Options{Classic: true, Tag: "#" + soakTag})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(classic.Close)
	cfg.Collectors.XV1 = &config.XV1{URL: classic.URL(), Token: config.Secret(classic.Token()), AllowPrivate: true}
	cfg.Collectors.Bluesky.Profiles = cfg.Collectors.Bluesky.Hosts[0]
	cfg.Collectors.X.Mode = "counts"
	cfg.Notify.Receivers = []config.Receiver{{Name: "team", URL: "ntfy://127.0.0.1:1/topic", MaxPerHour: 6, AllowPrivate: true}}
	for i := range cfg.Campaigns {
		cfg.Campaigns[i].Evidence = true
	}
	cfg.Evidence.Witness = config.Witness{
		Every: config.Span(24 * time.Hour), Receivers: []string{"team"}, Authority: &config.Authority{URL: "http://127.0.0.1:1/", AllowPrivate: true},
	}
	platforms["x_v1"] = classic
	return cfg, deps, platforms
}

// TestMetricsAreDocumented runs every source, takes posts from them through the
// pipeline, and compares what /metrics tells with docs/metrics.md: names, types,
// labels and all their values. A value that the page does not know, such as a
// handle, or one of a map without a bound, makes it fail.
func TestMetricsAreDocumented(t *testing.T) {
	t.Parallel()
	cfg, deps, platforms := allPlatforms(t)
	a, err := app.New(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	desk, text := "", ""
	const each = 20
	role := app.Role{Desk: true, Settle: true, Collect: true, Notify: true, Ready: func(url string) { desk = url }}
	err = a.Run(ctx, role, func(ctx context.Context, _ *app.Running) error {
		await(ctx, t, "all streams live", func() bool {
			return strings.Count(page(ctx, t, desk+"metrics"), "\nwinnow_collector_state{source=") == 4 &&
				!regexp.MustCompile(`\nwinnow_collector_state\{source="(mastodon|bluesky|x/classic)[^"]*"\} [^1]`).MatchString(page(ctx, t, desk+"metrics"))
		})
		for _, name := range []string{"mastodon", "bluesky", "x_v1"} {
			for i := range each {
				platforms[name].Publish(fmt.Sprintf("post number %d of someone", i))
			}
		}
		await(ctx, t, "all posts detected and recomputed", func() bool {
			text = page(ctx, t, desk+"metrics")
			return value(t, text, "winnow_pipeline_posts_total") >= 3*each &&
				strings.Contains(text, "\nwinnow_settle_open_marks 0\n") && strings.Contains(text, `winnow_findings_open{campaign="games"}`)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// What the alerts look at besides.
	for _, name := range []string{"go_gc_gomemlimit_bytes", "process_resident_memory_bytes", "process_start_time_seconds"} {
		if value(t, text, name) <= 0 {
			t.Errorf("%s is not told", name)
		}
	}
	if strings.Contains(text, soakTag) {
		t.Error("a metric names a tag")
	}

	// What the sources sent is kept as it came, and chained.
	kept, err := evidence.VerifyDir(t.Context(), cfg.DataDir, evidence.VerifyOptions{})
	if err != nil || !kept.Sound() || kept.Campaigns[0].Present < 3*each {
		t.Errorf("evidence: %+v, %v", kept, err)
	}

	got := reference(t, text)
	if *update {
		if err := os.WriteFile(metricsPage, []byte(got), 0o644); err != nil { //nolint:gosec // a page of the documentation
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(metricsPage)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("docs/metrics.md is not what the code has; run go test ./cmd/app -run TestMetricsAreDocumented -update, and read the difference.\n%s", difference(string(want), got))
	}
	lint := exec.CommandContext(t.Context(), tool(t, "promtool"), "check", "metrics")
	lint.Stdin = strings.NewReader(text)
	if out, err := lint.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// value is that of a series in what /metrics answered; 0 if there
// is none.
func value(t *testing.T, text, series string) float64 {
	t.Helper()
	_, rest, ok := strings.Cut(text, "\n"+series+" ")
	if !ok {
		return 0
	}
	line, _, _ := strings.Cut(rest, "\n")
	v, err := strconv.ParseFloat(line, 64)
	if err != nil {
		t.Fatalf("%s: %v", series, err)
	}
	return v
}

// difference lists the lines that only one of two texts has.
func difference(want, got string) string {
	var out strings.Builder
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, l := range a {
		if !slices.Contains(b, l) {
			out.WriteString("- " + l + "\n")
		}
	}
	for _, l := range b {
		if !slices.Contains(a, l) {
			out.WriteString("+ " + l + "\n")
		}
	}
	return out.String()
}

// configured are the labels whose values come from the configuration: they are as
// many as it names.
var configured = map[string]string{
	"source":   "a source of the configuration",
	"campaign": "a campaign of the configuration",
	"host":     "a host of the configuration",
	"receiver": "a receiver of the configuration",
	"version":  "of the program",
}

// sections are the chapters of the page by what names begin with, the first that
// fits counts.
var sections = []struct{ prefix, title, text string }{
	{"winnow_collector_", "Sources", "Of every live source."},
	{"winnow_x_classic_", "X, v1.1 streams", ""},
	{"winnow_x_", "X", ""},
	{"winnow_mastodon_", "Mastodon", ""},
	{"winnow_jetstream_", "Bluesky, Jetstream", ""},
	{"winnow_bluesky_", "Bluesky, profiles", ""},
	{"winnow_log_", "The log", "Between sources and pipeline."},
	{"winnow_pipeline_", "Ingest", "From the log into the store."},
	{"winnow_store_", "The store", "What is written, and how long it takes."},
	{"winnow_settle_", "Settling", "Detection, and the recomputing of buckets."},
	{"winnow_detector_", "The detector", "Its bounded structures. docs/detection.md says what is lost where one is full."},
	{"winnow_change_", "Changes", "The bounded structures by which changes are found."},
	{"winnow_notify_", "Alerts to people", "Where `notify.receivers` names somebody; else there are none."},
	{"winnow_evidence_", "Evidence", "Where a campaign keeps evidence, and of heads where `evidence.witness` names somebody; else there are none."},
	{"winnow_desk_", "The desk", "Who logs in, where it has users; without, all stays at zero."},
	{"winnow_engine_", "The embedded engine", "A process of its own; with `store.url` there is none, and none of these."},
	{"winnow_", "Other", ""},
}

// reference writes the page for what one scrape answered.
func reference(t *testing.T, text string) string {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	of := make(map[string][]*dto.MetricFamily)
	for name, f := range families {
		for _, s := range sections {
			if strings.HasPrefix(name, s.prefix) {
				of[s.prefix] = append(of[s.prefix], f)
				break
			}
		}
	}
	var out strings.Builder
	out.WriteString(`# Metrics

What ` + "`/metrics`" + ` of the desk tells, for Prometheus. This page is written by a test from what a running
Winnow answers, and the test fails when the two differ:
` + "`go test ./cmd/app -run TestMetricsAreDocumented -update`" + `.

Every label has a bound: its values are listed here or are named in the configuration. None holds
a handle, a tag, an id or a text. Counters have all their values from the start, at zero, so that
the first of a kind is seen as an increase. What the process itself and Go tell (` + "`process_`" + `, ` + "`go_`" + `) is
that of every Go program.

Alerts and recorded rates on these are in ` + "`dashboards/prometheus/winnow.rules.yml`" + `; what to do when one
fires is in [operations.md](operations.md).
`)
	for _, s := range sections {
		if len(of[s.prefix]) == 0 {
			t.Errorf("no metric begins with %s", s.prefix)
			continue
		}
		fmt.Fprintf(&out, "\n## %s\n\n", s.title)
		if s.text != "" {
			out.WriteString(s.text + "\n\n")
		}
		out.WriteString("| name | type | unit | labels | what |\n|---|---|---|---|---|\n")
		slices.SortFunc(of[s.prefix], func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
		for _, f := range of[s.prefix] {
			fmt.Fprintf(&out, "| `%s` | %s | %s | %s | %s |\n",
				f.GetName(), strings.ToLower(f.GetType().String()), unit(f.GetName()), labels(f), strings.ReplaceAll(f.GetHelp(), "|", "\\|"))
		}
	}
	return out.String()
}

// labels tells the labels of a metric and their values.
func labels(f *dto.MetricFamily) string {
	values := make(map[string][]string)
	for _, m := range f.GetMetric() {
		for _, l := range m.GetLabel() {
			values[l.GetName()] = append(values[l.GetName()], l.GetValue())
		}
	}
	var out []string
	for name, vs := range values {
		slices.Sort(vs)
		what, ok := configured[name]
		if !ok {
			what = strings.Join(slices.Compact(vs), ", ")
		}
		out = append(out, "`"+name+"`: "+what)
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// counted are the words by which names say what they count.
var counted = strings.Fields("posts deletions rows batches messages bytes frames connections comparisons profiles " +
	"accounts reposts boosts polls calls lookups rejects notices attempts faults passes failures findings changes " +
	"alerts looks entries gaps hours acks retries restarts detectors marks contents sights sightings arrivals fds")

// unit is what a metric counts in, which its name says.
func unit(name string) string {
	name = strings.TrimSuffix(name, "_total")
	switch {
	case strings.HasSuffix(name, "_timestamp_seconds"), strings.HasSuffix(name, "_time_seconds"):
		return "Unix time"
	case strings.HasSuffix(name, "_seconds"):
		return "seconds"
	case strings.HasSuffix(name, "_bytes"):
		return "bytes"
	case strings.HasSuffix(name, "_per_minute"):
		return "posts a minute"
	}
	words := strings.Split(name, "_")
	for _, w := range slices.Backward(words[2:]) {
		if slices.Contains(counted, w) {
			return w
		}
	}
	return ""
}
