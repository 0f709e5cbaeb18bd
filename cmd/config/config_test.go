package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/cmd/config/strict"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
)

var update = flag.Bool("update", false, "write the golden files anew")

// password stands in every secret of the test cases and must never be seen.
const password = "hunter2"

// home gives the defaults a place that does not depend on who runs the test.
func home(t testing.TB) {
	t.Helper()
	t.Setenv("HOME", "/people/anna")
	t.Setenv("XDG_DATA_HOME", "")
}

// Each folder of testdata is a case: in.yaml becomes want.yaml, or want.err.
func TestCases(t *testing.T) {
	home(t)
	inputs, err := filepath.Glob("testdata/*/in.yaml")
	if err != nil || len(inputs) < 10 {
		t.Fatalf("found only %d cases: %v", len(inputs), err)
	}
	for _, in := range append(inputs, filepath.Join("..", "..", "winnow.example.yaml")) {
		folder := filepath.Dir(in)
		if filepath.Base(in) != "in.yaml" {
			folder = filepath.Join("testdata", "example")
		}
		t.Run(filepath.Base(folder), func(t *testing.T) { runCase(t, in, folder) })
	}
}

func runCase(t *testing.T, in, folder string) {
	c, err := Load(in)
	want, got := filepath.Join(folder, "want.yaml"), ""
	if err != nil {
		want, got = filepath.Join(folder, "want.err"), err.Error()+"\n"
		if !errors.As(err, new(strict.Problems)) {
			t.Errorf("the error is a %T", err)
		}
	} else {
		got = dump(t, c)
	}
	if strings.Contains(got, password) {
		t.Errorf("a secret shows:\n%s", got)
	}
	if *update {
		for _, old := range []string{"want.yaml", "want.err"} {
			if err := os.Remove(filepath.Join(folder, old)); err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
		}
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(want, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	golden, rerr := os.ReadFile(want)
	if rerr != nil {
		t.Fatalf("%v; the outcome was\n%s", rerr, got)
	}
	if diff := cmp.Diff(string(golden), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err == nil {
		reload(t, c, got)
	}
}

func dump(t testing.TB, c Config) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Dump(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// reload checks that a dump is itself a configuration, and the same one but
// for the secrets.
func reload(t *testing.T, c Config, dumped string) {
	t.Helper()
	dumped = strings.NewReplacer("      url: '***'", "      url: ntfy://ntfy.example.org/topic", "store:\n  url: '***'", "store:\n  url: http://store.example:8123", `url: '***'`, `url: ""`, `proxy: '***'`, `proxy: ""`, `writer_password: '***'`, `writer_password: twenty letters and more`,
		`first_password: '***'`, `first_password: twenty letters and more`, `metrics_token: '***'`, `metrics_token: twenty letters and more`, `'***'`, `x`).Replace(dumped)
	again, err := Parse("", []byte(dumped))
	if err != nil {
		t.Fatalf("the dump is not a configuration: %v", err)
	}
	for _, one := range []*Config{&c, &again} {
		one.secrets(func(_ string, s *Secret, _ *string) { *s = "" })
	}
	if diff := cmp.Diff(c, again); diff != "" {
		t.Errorf("the dump says otherwise (-loaded +dumped):\n%s", diff)
	}
}

func TestNoFileMeansDefaults(t *testing.T) {
	home(t)
	c, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	empty, err := Load("testdata/empty/in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c, empty); diff != "" {
		t.Errorf("an empty file says otherwise (-none +empty):\n%s", diff)
	}
	t.Setenv("XDG_DATA_HOME", "/srv/anna")
	if c, err := Load(""); err != nil || c.DataDir != "/srv/anna/winnow" {
		t.Errorf("data directory %q, %v", c.DataDir, err)
	}
	t.Setenv("XDG_DATA_HOME", "relative")
	if c, err := Load(""); err != nil || c.DataDir != "/people/anna/.local/share/winnow" {
		t.Errorf("data directory %q, %v", c.DataDir, err)
	}
	t.Setenv("HOME", "")
	if _, err := Load(""); err == nil || !strings.HasPrefix(err.Error(), "data_dir: ") {
		t.Errorf("without a home: %v", err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := os.WriteFile(large, make([]byte, maxFile+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "missing"), dir, large} {
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestValidateSeesWhatLoadSees(t *testing.T) {
	home(t)
	c, err := Load("")
	if err != nil {
		t.Fatal(err)
	}
	c.Engine.Listen = "0.0.0.0:8123"
	c.Log.URL = password
	c.Campaigns = []Campaign{{Name: "a"}, {Name: "a", Tags: []string{"b"}}}
	var ps strict.Problems
	if err := c.Validate(); !errors.As(err, &ps) {
		t.Fatalf("got %v", err)
	}
	var paths []string
	for _, p := range ps {
		paths = append(paths, p.Path)
	}
	slices.Sort(paths)
	if diff := cmp.Diff([]string{"campaigns[0]", "campaigns[1].name", "engine.password", "log.url"}, paths); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(ps.Error(), password) {
		t.Errorf("a secret shows: %v", ps)
	}
}

func TestCampaignList(t *testing.T) {
	home(t)
	c, err := Load("testdata/everything/in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := campaign.Campaign{
		Name:  "Open Games 2031",
		Tags:  []string{"#OpenGames2031", "opengames"},
		Terms: []string{"open games", "игры"},
		Protected: []campaign.Protected{
			{Platform: post.X, Account: "@open_games"},
			{Platform: post.Mastodon, Account: "https://social.example/users/games"},
			{Account: "@anywhere"},
			{Account: "did:plc:abcdefghijklmnop"},
			{Platform: post.Bluesky, Account: "did:plc:abcdefghijklmnop"},
		},
		Declared: []campaign.Declared{{
			Name:  "Day of action",
			From:  time.Date(2031, 6, 12, 6, 0, 0, 0, time.UTC),
			To:    time.Date(2031, 6, 13, 0, 0, 0, 0, time.UTC),
			Tags:  []string{"gamesday"},
			Texts: []string{"we ask about those who are not here"},
		}},
		Evidence: true,
	}
	list := c.CampaignList()
	if len(list) != 2 {
		t.Fatalf("%d campaigns", len(list))
	}
	if diff := cmp.Diff(want, list[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := Secret(password)
	in := struct{ S Secret }{s}
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%20s"} {
		fmt.Fprintf(&out, verb+"\n", s)
		fmt.Fprintf(&out, verb+"\n", in)
		fmt.Fprintf(&out, verb+"\n", []Secret{s})
	}
	slog.New(slog.NewTextHandler(&out, nil)).Info("text", "s", s, "in", in)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("json", "s", s, "in", in)
	asJSON, err := json.Marshal([]any{s, in})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	out.WriteString(dump(t, Config{Engine: Engine{Password: s}}))
	for _, shown := range []string{password, fmt.Sprintf("%x", password), fmt.Sprintf("%X", password)} {
		if strings.Contains(out.String(), shown) {
			t.Errorf("the secret shows as %s in\n%s", shown, out.String())
		}
	}
	if s.Reveal() != password {
		t.Error("the secret is lost")
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{
		"0": 0, "17": 17, "17B": 17, "4GiB": 4 << 30, "4 gib": 4 << 30, "1.5GiB": 3 << 29, "500MB": 500e6,
		"1KiB": 1024, "2TB": 2e12, "8388607TiB": 8388607 << 40, ".5KiB": 512,
	} {
		if got, err := parseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GiB", "-1", "+1", "1e3", "0x10", "1_000", "NaN", "inf", "8388608TiB", "99999999999999999999", "1GiB2", "1.5.1"} {
		if got, err := parseSize(text); err == nil {
			t.Errorf("%q: %d, want an error", text, got)
		}
	}
	for _, s := range []Size{0, 1, 1023, 1024, 1 << 20, 3 << 29, 1e9, 1<<62 + 1} {
		if got, err := parseSize(s.String()); err != nil || got != s {
			t.Errorf("%d prints as %s, which is %d, %v", int64(s), s, got, err)
		}
	}
}

// Any text is either a configuration that passes Validate and whose dump loads
// again, or gives at least one problem, each with a text; nothing panics.
func FuzzParse(f *testing.F) {
	f.Setenv("HOME", "/people/anna")
	f.Setenv("XDG_DATA_HOME", "")
	inputs, err := filepath.Glob("testdata/*/in.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, in := range inputs {
		data, err := os.ReadFile(in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	// Files of secrets are looked for where there are none.
	dir := filepath.Join(f.TempDir(), "missing")
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.Contains(data, []byte("_file")) && bytes.Contains(data, []byte("/")) {
			t.Skip("may name a file of this machine")
		}
		c, err := Parse(filepath.Join(dir, "winnow.yaml"), data)
		if err != nil {
			var ps strict.Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("%T without problems", err)
			}
			for _, p := range ps {
				if p.Text == "" {
					t.Errorf("a problem at %q says nothing", p.Path)
				}
			}
			return
		}
		if err := c.Validate(); err != nil {
			t.Errorf("loaded, yet %v", err)
		}
		c.secrets(func(path string, s *Secret, _ *string) {
			if strings.HasSuffix(path, "url") || strings.HasSuffix(path, "proxy") {
				*s = "" // *** is no address
			}
			if strings.HasPrefix(path, "desk.") {
				*s = "" // *** is too short
			}
		})
		c.Store.Cluster = "" // which needs one
		first := dump(t, c)
		again, err := Parse(filepath.Join(dir, "winnow.yaml"), []byte(first))
		if err != nil {
			t.Fatalf("the dump does not load: %v\n%s", err, first)
		}
		if diff := cmp.Diff(first, dump(t, again)); diff != "" {
			t.Errorf("the dump loads as something else (-first +second):\n%s", diff)
		}
	})
}
