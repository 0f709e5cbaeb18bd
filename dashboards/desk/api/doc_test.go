package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/dashboards/desk/problem"
)

// guide is docs/api.md.
func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Every example works as it stands, but for the one that shows what a mistake gets.
func TestExamplesWork(t *testing.T) {
	examples := regexp.MustCompile(`(?m)^    curl .*?http://127\.0\.0\.1:8010(/api/v1[^'\s]*)`).FindAllStringSubmatch(guide(t), -1)
	if len(examples) < 10 {
		t.Fatalf("%d examples were found", len(examples))
	}
	for _, example := range examples {
		want := http.StatusOK
		if strings.Contains(example[1], "form=") {
			want = http.StatusBadRequest
		}
		if got := ask(t, newOptions(nil), http.MethodGet, example[1]); got.Code != want {
			t.Errorf("%s: %d %s", example[1], got.Code, got.Body)
		}
	}
}

// The problem that the guide shows is the one that its example gets.
func TestExampleOfAMistake(t *testing.T) {
	shown := regexp.MustCompile(`(?s)    (\{"title".*?\]\})`).FindStringSubmatch(guide(t))
	example := regexp.MustCompile(`curl 'http://127\.0\.0\.1:8010([^']*form=[^']*)'`).FindStringSubmatch(guide(t))
	if shown == nil || example == nil {
		t.Fatal("there is no such example")
	}
	var want, got problem.Problem
	if err := json.Unmarshal([]byte(shown[1]), &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(ask(t, newOptions(nil), http.MethodGet, example[1]).Body, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The guide lists every address, and no other.
func TestGuideListsAddresses(t *testing.T) {
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(/[^`]*)` \\|").FindAllStringSubmatch(guide(t), -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(listed)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(load(t).Paths.Map())), listed); diff != "" {
		t.Error(diff)
	}
}
