package filtered

import (
	"strconv"
	"sync"
	"time"

	"winnow/pipeline/post"
)

const (
	// trackedMost is how many posts wait for a look-up at most, 16 bytes each.
	trackedMost = 400_000
	// editsMost is how many edited posts are remembered.
	editsMost = 10_000
)

// tracked is a post to be looked up again.
type tracked struct {
	id     uint64 // of its first version
	posted int64  // seconds since 1970
}

// tracker remembers which posts are to be looked up again, and when. Each age
// has a queue, in the order in which posts came, which is nearly that of their
// times. It is safe for concurrent use.
type tracker struct {
	ages []time.Duration

	mu     sync.Mutex
	queues [][]tracked
	count  int
	// latest is the last version of posts that were edited: X knows each
	// version by an id of its own.
	latest map[uint64]uint64
}

func newTracker(ages []time.Duration) *tracker {
	return &tracker{ages: ages, queues: make([][]tracked, len(ages)), latest: map[uint64]uint64{}}
}

func (t *tracker) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.count
}

// add remembers posts that were seen now. Of those too many, and those whose
// ids are no numbers, nothing is remembered.
func (t *tracker) add(posts []post.Post, now time.Time) (crowdedOut int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range posts {
		p := &posts[i]
		id, err := strconv.ParseUint(p.ID, 10, 64)
		if err != nil {
			continue
		}
		if version, err := strconv.ParseUint(p.NativeID, 10, 64); err == nil && version > t.latest[id] {
			_, known := t.latest[id]
			if len(t.latest) < editsMost || known {
				t.latest[id] = version
			}
			if known {
				continue
			}
		}
		if !t.push(0, tracked{id, p.PostedAt.Unix()}, now) {
			crowdedOut++
		}
	}
	return crowdedOut
}

// push puts a post into the queue of the first age from stage on that is still
// to come; false if there is no room.
func (t *tracker) push(stage int, w tracked, now time.Time) bool {
	for ; stage < len(t.ages); stage++ {
		if time.Unix(w.posted, 0).Add(t.ages[stage]).Before(now) {
			continue
		}
		if t.count >= trackedMost {
			return false
		}
		t.queues[stage] = append(t.queues[stage], w)
		t.count++
		return true
	}
	delete(t.latest, w.id)
	return true
}

// due takes up to most posts of one age whose time has come.
func (t *tracker) due(now time.Time, most int) (stage int, batch []tracked) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for stage, age := range t.ages {
		q := t.queues[stage]
		n := 0
		for n < len(q) && n < most && !time.Unix(q[n].posted, 0).Add(age).After(now) {
			n++
		}
		if n == 0 {
			continue
		}
		batch = append(batch, q[:n]...)
		if t.queues[stage] = q[n:]; len(q) == n {
			t.queues[stage] = nil // lets go of the memory
		}
		t.count -= n
		return stage, batch
	}
	return 0, nil
}

// again puts posts back that could not be looked up.
func (t *tracker) again(stage int, batch []tracked) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.queues[stage] = append(append([]tracked(nil), batch...), t.queues[stage]...)
	t.count += len(batch)
}

// pass moves posts on to the next age.
func (t *tracker) pass(stage int, batch []tracked, now time.Time) (crowdedOut int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range batch {
		if !t.push(stage+1, w, now) {
			crowdedOut++
		}
	}
	return crowdedOut
}

// version is the id by which X knows the post now.
func (t *tracker) version(w tracked) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strconv.FormatUint(max(w.id, t.latest[w.id]), 10)
}

// drop forgets the versions of a post that is gone.
func (t *tracker) drop(w tracked) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.latest, w.id)
}
