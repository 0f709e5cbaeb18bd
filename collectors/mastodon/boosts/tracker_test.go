package boosts

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	gomastodon "github.com/mattn/go-mastodon"
	"pgregory.net/rapid"

	"winnow/collectors/mastodon"
)

var noon = time.Date(2026, 6, 12, 12, 0, 0, 0, time.UTC)

func status(id string, created time.Time, boosts int64) *mastodon.Status {
	st := new(mastodon.Status)
	st.ID, st.CreatedAt, st.ReblogsCount = gomastodon.ID(id), created, boosts
	return st
}

func TestRisingPostsComeFirst(t *testing.T) {
	tr := New(10)
	tr.Note(status("quiet", noon, 0), noon)
	tr.Note(status("some", noon, 2), noon)
	tr.Note(status("many", noon, 9), noon)
	job, ok := tr.Next(noon)
	if !ok || job.ID != "many" || !job.List || !job.Fresh || !job.Quiet.Equal(noon) {
		t.Fatalf("first %+v, %v", job, ok)
	}
	tr.Listed("many", 9, "77", noon)
	if job, ok = tr.Next(noon); !ok || job.ID != "some" {
		t.Fatalf("then %+v, %v", job, ok)
	}
	tr.Listed("some", 2, "", noon)
	if job, ok = tr.Next(noon.Add(time.Second)); ok {
		t.Fatalf("too soon: %+v", job)
	}
	later := noon.Add(soonest)
	if job, ok = tr.Next(later); !ok || job.List || job.Fresh {
		t.Fatalf("nothing to refresh, or too much: %+v, %v", job, ok)
	}
	if !tr.Note(status("many", noon, 12), later) {
		t.Error("new figures are no news")
	}
	if tr.Note(status("many", noon, 12), later) {
		t.Error("old figures are news")
	}
	if job, ok = tr.Next(later); !ok || job.ID != "many" || job.Since != "77" || !job.Quiet.Equal(noon) {
		t.Fatalf("after a rise: %+v, %v", job, ok)
	}
}

func TestFailuresAreLeftAlone(t *testing.T) {
	tr := New(10)
	tr.Note(status("1", noon, 5), noon)
	now := noon
	tries := 0
	for range 24 * 60 {
		if job, ok := tr.Next(now); ok {
			tries++
			tr.Failed(job.ID, now)
		}
		now = now.Add(time.Minute)
	}
	if tries < 5 || tries > 30 {
		t.Errorf("a post that cannot be listed is tried %d times a day", tries)
	}
	tr.Forget("1")
	if job, ok := tr.Next(now); ok {
		t.Errorf("a post that is gone: %+v", job)
	}
}

func TestBoostsAreNewOnce(t *testing.T) {
	tr := New(10)
	tr.Note(status("1", noon, 5), noon)
	tr.Learn("1", "b", "a")
	tr.Learn("2", "a")
	if !tr.Known("1", "a") || !tr.Known("1", "b") || tr.Known("1", "c") || !tr.Known("2", "a") {
		t.Error("accounts are told apart wrongly")
	}
	for i := range 2 * maxKnown {
		tr.Learn("1", fmt.Sprint(i))
	}
	if got := tr.Forget("1"); len(got) != maxKnown || got[len(got)-1] != "b" {
		t.Errorf("%d accounts are known", len(got))
	}
	if got := tr.Forget("1"); got != nil {
		t.Errorf("%d accounts of a forgotten post", len(got))
	}
}

// What survives a restart fits, and has what is needed to go on.
func TestState(t *testing.T) {
	tr := New(1000)
	for i := range 900 {
		id := fmt.Sprint("1140000000000000", i)
		tr.Note(status(id, noon, int64(i)), noon.Add(time.Duration(i)*time.Second))
		tr.Listed(id, int64(i), id, noon.Add(time.Hour))
	}
	state := tr.State()
	if len(state) > 64<<10 {
		t.Fatalf("%d bytes", len(state))
	}
	again := New(1000)
	again.Restore(state, noon.Add(2*time.Hour))
	if again.Len() != maxSaved {
		t.Errorf("%d posts, want %d", again.Len(), maxSaved)
	}
	if !bytes.Equal(again.State(), state) {
		t.Error("what was restored is saved differently")
	}
	job, ok := again.Next(noon.Add(2 * time.Hour))
	if !ok || job.Status != nil || job.Since != job.ID || !job.Quiet.Equal(noon.Add(time.Hour)) {
		t.Errorf("the first job is %+v, %v", job, ok)
	}
	for _, bad := range []string{"", "x", "{}", `[{"id":7}]`, `[{"id":""}]`, `[{"id":"1","listed":-1}]`} {
		tr := New(5)
		tr.Restore([]byte(bad), noon)
		if tr.Len() != 0 {
			t.Errorf("%q is a state", bad)
		}
	}
}

// Whatever is noted, the tracker keeps to its bound, and whoever does each job
// it names comes to an end: at one time no post is named twice once it is done.
func TestTrackerIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(1, 20).Draw(t, "most")
		tr := New(most)
		now := noon
		for range rapid.IntRange(0, 100).Draw(t, "notes") {
			now = now.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "wait")) * time.Second)
			created := now.Add(-time.Duration(rapid.IntRange(-10, 500).Draw(t, "age")) * time.Hour)
			tr.Note(status(fmt.Sprint(rapid.IntRange(0, 60).Draw(t, "id")), created, rapid.Int64Range(-1, 9).Draw(t, "boosts")), now)
			if tr.Len() > most {
				t.Fatalf("%d posts of at most %d", tr.Len(), most)
			}
		}
		for i := 0; ; i++ {
			job, ok := tr.Next(now)
			if !ok {
				break
			}
			if i > most {
				t.Fatalf("%q is named again and again", job.ID)
			}
			tr.Listed(job.ID, job.Count, "", now)
		}
	})
}
