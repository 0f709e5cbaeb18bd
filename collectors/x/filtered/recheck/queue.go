package recheck

import (
	"strconv"
	"sync"
	"time"

	"winnow/pipeline/post"
)

const (
	// Most is how many posts wait for a look-up at most, 16 bytes each.
	Most = 400_000
	// mostEdits is how many edited posts are remembered.
	mostEdits = 10_000
)

// Post is one to be looked up again.
type Post struct {
	// ID is that of its first version.
	ID     uint64
	posted int64 // seconds since 1970
}

// Queue remembers which posts are to be looked up again, and when. Each age
// has a queue, in the order in which posts came, which is nearly that of their
// times. It is safe for concurrent use.
type Queue struct {
	ages []time.Duration

	mu     sync.Mutex
	queues [][]Post
	count  int
	// latest is the last version of posts that were edited: X knows each
	// version by an id of its own.
	latest map[uint64]uint64
}

// New returns an empty queue for the ages, ascending, at which posts are to be
// looked up.
func New(ages []time.Duration) *Queue {
	return &Queue{ages: ages, queues: make([][]Post, len(ages)), latest: map[uint64]uint64{}}
}

// Size is how many posts wait.
func (q *Queue) Size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.count
}

// Add remembers posts that were seen now, and returns how many did not fit.
// Those whose ids are no numbers are none of X's.
func (q *Queue) Add(posts []post.Post, now time.Time) (crowdedOut int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range posts {
		p := &posts[i]
		id, err := strconv.ParseUint(p.ID, 10, 64)
		if err != nil {
			continue
		}
		if version, err := strconv.ParseUint(p.NativeID, 10, 64); err == nil && version > q.latest[id] {
			_, known := q.latest[id]
			if len(q.latest) < mostEdits || known {
				q.latest[id] = version
			}
			if known {
				continue
			}
		}
		if !q.push(0, Post{id, p.PostedAt.Unix()}, now) {
			crowdedOut++
		}
	}
	return crowdedOut
}

// push puts a post into the queue of the first age from stage on that is still
// to come; false if there is no room.
func (q *Queue) push(stage int, w Post, now time.Time) bool {
	for ; stage < len(q.ages); stage++ {
		if time.Unix(w.posted, 0).Add(q.ages[stage]).Before(now) {
			continue
		}
		if q.count >= Most {
			return false
		}
		q.queues[stage] = append(q.queues[stage], w)
		q.count++
		return true
	}
	delete(q.latest, w.ID)
	return true
}

// Due takes up to most posts off the queue of one age, whose time has come.
// Each is to be handed to Again, Pass or Drop afterwards; stage is for that.
func (q *Queue) Due(now time.Time, most int) (stage int, batch []Post) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for stage, age := range q.ages {
		line := q.queues[stage]
		n := 0
		for n < len(line) && n < most && !time.Unix(line[n].posted, 0).Add(age).After(now) {
			n++
		}
		if n == 0 {
			continue
		}
		batch = append(batch, line[:n]...)
		if q.queues[stage] = line[n:]; len(line) == n {
			q.queues[stage] = nil // lets go of the memory
		}
		q.count -= n
		return stage, batch
	}
	return 0, nil
}

// Again puts posts back that could not be looked up.
func (q *Queue) Again(stage int, batch []Post) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queues[stage] = append(append([]Post(nil), batch...), q.queues[stage]...)
	q.count += len(batch)
}

// Pass moves posts on to the next age that is still to come, and returns how
// many did not fit.
func (q *Queue) Pass(stage int, batch []Post, now time.Time) (crowdedOut int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range batch {
		if !q.push(stage+1, w, now) {
			crowdedOut++
		}
	}
	return crowdedOut
}

// Version is the id by which X knows the post now: that of its latest version.
func (q *Queue) Version(w Post) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return strconv.FormatUint(max(w.ID, q.latest[w.ID]), 10)
}

// Drop forgets a post that is gone.
func (q *Queue) Drop(w Post) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.latest, w.ID)
}
