package crashtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// loseTail cuts the end off the log while messages wait in it: the sources go on
// from older cursors, and the store is to end as if nothing had happened.
func loseTail(t *testing.T, l life) shot {
	const published = 9
	// The engine is killed first, so that what follows waits.
	l.Kills = []kill{{Target: engine, Point: "publishing", Nth: 6}, {Target: winnow, Point: "publishing", Nth: published + 1 - 6}}
	l.Upto = 2 * published
	if killed, trail := watch(t, &l); len(killed) != len(l.Kills) {
		t.Fatalf("killed at %q:\n%s", killed, strings.Join(trail, "\n"))
	}
	files, err := filepath.Glob(filepath.Join(l.Dir, "log", "jetstream", "$G", "streams", "WINNOW_POSTS", "msgs", "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("files of messages %q, %v", files, err)
	}
	// As small as this it is one file, and an index that is not needed.
	for _, file := range files {
		if filepath.Ext(file) != ".blk" {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			continue
		}
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, info.Size()*3/4); err != nil {
			t.Fatal(err)
		}
	}
	got, trail := last(t, l)
	again := 0
	for _, line := range trail {
		if line == atLine+"publishing" {
			again++
		}
	}
	if rest := len(newStream(l.Seed).batches) - published; again <= rest {
		t.Errorf("%d batches published after the cut, %d were left: nothing was lost", again, rest)
	}
	return got
}
