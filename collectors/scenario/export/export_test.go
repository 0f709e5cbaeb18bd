package export_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"winnow/collectors/scenario"
	"winnow/collectors/scenario/export"
	"winnow/collectors/scenario/grid"
)

// read returns the rows of a table by the names of its columns.
func read(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}

func TestTablesAgree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	s := scenario.New(grid.Config(3))
	sum, err := export.Write(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	from, to := s.Span()
	author, reposts, accounts := map[string]string{}, 0, map[string]bool{}
	for _, p := range read(t, dir, export.PostsFile) {
		author[p["content_id"]] = p["account_id"]
		accounts[p["account_id"]] = true
		sec, err := strconv.ParseInt(p["timestamp_share"], 10, 64)
		if err != nil || sec < from.Unix() || sec >= to.Unix() {
			t.Fatalf("time %q", p["timestamp_share"])
		}
		if (p["is_retweet"] == "1") != (p["retweet_of"] != "") || p["campaign"] != "Baku2015" || p["text"] == "" {
			t.Fatalf("row %v", p)
		}
		if p["is_retweet"] == "1" {
			reposts++
		}
	}
	if len(author) != sum.Posts || len(accounts) != sum.Accounts || reposts == 0 {
		t.Errorf("%d posts and %d accounts, %d reposts, said %+v", len(author), len(accounts), reposts, sum)
	}
	label := map[string]string{}
	count := map[string]int{}
	for _, l := range read(t, dir, export.LabelsFile) {
		if _, ok := label[l["account_id"]]; ok || !accounts[l["account_id"]] {
			t.Fatalf("label %v", l)
		}
		label[l["account_id"]] = l["label"]
		count[l["label"]]++
	}
	if len(label) != len(accounts) || count["0"] == 0 || count["1"] == 0 || len(count) > 3 {
		t.Errorf("labels of %d accounts, of %d: %v", len(label), len(accounts), count)
	}
	instances, posts := map[string]bool{}, 0
	for _, a := range read(t, dir, export.AttacksFile) {
		posts++
		instances[a["instance"]] = true
		if author[a["content_id"]] != a["account_id"] || label[a["account_id"]] != "1" {
			t.Fatalf("attack %v, by %q, label %q", a, author[a["content_id"]], label[a["account_id"]])
		}
		if !strings.Contains(a["instance"], a["attack"]) && a["attack"] != scenario.PlantCopies {
			t.Fatalf("attack %v", a)
		}
	}
	if len(instances) != sum.Instances || posts != sum.AttackPosts {
		t.Errorf("%d instances and %d posts, said %+v", len(instances), posts, sum)
	}
}

func TestNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := export.Write(file, scenario.New(scenario.Config{Scale: 0.01, Days: 1})); err == nil {
		t.Error("a file is no folder")
	}
}
