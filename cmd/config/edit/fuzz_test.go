package edit_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"winnow/cmd/config"
	"winnow/cmd/config/edit"
	"winnow/cmd/config/strict"
)

// subsequence says whether all of a stands in b, in its order.
func subsequence(a, b []byte) bool {
	for _, c := range b {
		if len(a) > 0 && a[0] == c {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// Whatever stands in a file, a campaign is either refused or, in a file that says
// otherwise what it said before, added or changed as asked; adding takes nothing away
// but an empty list; nothing panics.
func FuzzPut(f *testing.F) {
	for _, pattern := range []string{"testdata/*.yaml", "../testdata/*/in.yaml"} {
		inputs, err := filepath.Glob(pattern)
		if err != nil || len(inputs) == 0 {
			f.Fatal("no seeds", err)
		}
		for _, in := range inputs {
			data, err := os.ReadFile(in)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, "A", "#new", uint64(30))
			f.Add(data, "Another", "x", uint64(0))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, name, tag string, keep uint64) {
		if bytes.Contains(data, []byte("_file")) {
			t.Skip("may name a file of this machine")
		}
		c := config.Campaign{Name: name, Tags: []string{tag}, KeepDays: keep}
		out, err := edit.Put("winnow.yaml", data, c)
		if err != nil {
			if !errors.Is(err, edit.ErrLayout) && !errors.As(err, new(strict.Problems)) {
				t.Fatal(err)
			}
			return
		}
		before, _ := config.Parse("winnow.yaml", data)
		after, err := config.Parse("winnow.yaml", out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		at := len(before.Campaigns)
		for i, one := range before.Campaigns {
			if one.Name == name {
				at = i
			}
		}
		if !reflect.DeepEqual(after.Campaigns[at], c) {
			t.Errorf("got %+v\n%s", after.Campaigns[at], out)
		}
		fresh := at == len(before.Campaigns)
		if fresh && at > 0 && !subsequence(data, out) {
			t.Errorf("something is gone:\n%s", out)
		}
		after.Campaigns = append(after.Campaigns[:at:at], after.Campaigns[at+1:]...)
		if !fresh {
			before.Campaigns = append(before.Campaigns[:at:at], before.Campaigns[at+1:]...)
		}
		if len(before.Campaigns)+len(after.Campaigns) == 0 {
			before.Campaigns, after.Campaigns = nil, nil
		}
		if !reflect.DeepEqual(before, after) {
			t.Errorf("something else changed:\n%s", out)
		}
	})
}

// drawFile writes a configuration in one of the ways in which people do, with remarks
// that are all different.
func drawFile(t *rapid.T, names []string) string {
	var b strings.Builder
	n := 0
	remark := func(margin string) {
		for range rapid.IntRange(0, 2).Draw(t, "remarks") {
			n++
			b.WriteString(margin + "# remark " + strings.Repeat("i", n) + ".\n")
			if rapid.Bool().Draw(t, "blank") {
				b.WriteString("\n")
			}
		}
	}
	behind := func() string {
		if !rapid.Bool().Draw(t, "behind") {
			return ""
		}
		n++
		return "  # behind " + strings.Repeat("i", n) + "."
	}
	remark("")
	b.WriteString("campaigns:" + behind() + "\n")
	dash := strings.Repeat(" ", rapid.IntRange(0, 4).Draw(t, "dash"))
	in := dash + strings.Repeat(" ", 2)
	for _, name := range names {
		remark(dash)
		b.WriteString(dash + "- name: " + name + behind() + "\n")
		for _, key := range rapid.Permutation([]string{"tags", "terms", "keep_days", "evidence"}).Draw(t, "keys") {
			remark(in)
			switch style := rapid.IntRange(0, 3).Draw(t, "style"); {
			case key == "keep_days":
				b.WriteString(in + "keep_days: 7" + behind() + "\n")
			case key == "evidence":
				b.WriteString(in + "evidence: true" + behind() + "\n")
			case style == 0:
				b.WriteString(in + key + ": [one, \"two\", 'three']" + behind() + "\n")
			case style == 1:
				b.WriteString(in + key + ":" + behind() + "\n")
				for _, one := range []string{"one", `"two"`, "'three'"} {
					remark(in + "  ")
					b.WriteString(in + "  - " + one + "\n")
				}
			case style == 2:
				b.WriteString(in + key + ":\n" + in + "- one" + behind() + "\n")
			default:
				b.WriteString(in + key + ": [one,\n" + in + "   two" + behind() + "\n" + in + "   ]\n")
			}
		}
	}
	remark("")
	b.WriteString("desk:\n  timezone: UTC" + behind() + "\n")
	return b.String()
}

// However a file is laid out: a change of one campaign leaves every byte before and
// behind it as it was, and no remark that has a line of its own is lost.
func TestPutKeepsAllElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := []string{"first", "second", "third"}
		data := drawFile(t, names)
		cfg, err := config.Parse("winnow.yaml", []byte(data))
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		at := rapid.IntRange(0, 2).Draw(t, "which")
		c := cfg.Campaigns[at]
		words := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"one", "two", "three", "four", "#fünf", "ستة"}), 1, 5, rapid.ID[string])
		c.Tags, c.Terms = words.Draw(t, "tags"), words.Draw(t, "terms")
		c.KeepDays = rapid.Uint64Range(0, 9).Draw(t, "keep")
		out, err := edit.Put("winnow.yaml", []byte(data), c)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		head := "- name: " + names[at]
		before, rest, _ := strings.Cut(data, head)
		if !bytes.HasPrefix(out, []byte(before+head)) {
			t.Fatalf("what is before changed:\n%s\nbecame\n%s", data, out)
		}
		next := "desk:"
		if at < 2 {
			next = "- name: " + names[at+1]
		}
		if _, after, _ := strings.Cut(rest, next); !bytes.HasSuffix(out, []byte(next+after)) {
			t.Fatalf("what is behind changed:\n%s\nbecame\n%s", data, out)
		}
		for line := range strings.Lines(data) {
			if text := strings.TrimSpace(line); strings.HasPrefix(text, "#") && !bytes.Contains(out, []byte(text)) {
				t.Fatalf("%q is lost:\n%s\nbecame\n%s", text, data, out)
			}
		}
	})
}
