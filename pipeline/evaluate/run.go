package evaluate

import (
	"iter"
	"slices"
	"time"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// Lateness is how late a post may come to a detector as Detect runs it.
const Lateness = 5 * time.Minute

// silence is how long after the last post findings are asked for: by then none
// of them can change any more.
const silence = 2 * time.Hour

// Run is what one detector made of the posts of one campaign.
type Run struct {
	Findings []coordination.Finding
	// Took is the time that the detector alone took; making the posts is left
	// out.
	Took time.Duration
	// Stats are those of the detector when the last post came.
	Stats coordination.Stats
}

// Clock tells the time since some moment, of which only differences count.
type Clock func() time.Duration

// Detect runs a detector over the posts of a campaign, which come in order of
// time but for Lateness. It is timed by each of the clocks, of which the least
// counts: that on the wall also runs while others have the processor, that of
// the processor is also spent by the garbage collector at the detector's side.
func Detect(campaign string, batches iter.Seq[[]post.Post], clocks ...Clock) Run {
	var r Run
	t := timer{clocks: clocks, begun: make([]time.Duration, len(clocks)), took: make([]time.Duration, len(clocks))}
	d := coordination.New(coordination.Config{Campaign: campaign, Lateness: Lateness})
	var last time.Time
	for posts := range batches {
		t.start()
		for i := range posts {
			d.Add(&posts[i])
			if at := posts[i].PostedAt; at.After(last) {
				last = at
			}
		}
		t.stop()
	}
	t.start()
	// Where the posts end the stream falls silent.
	d.Advance(last.Add(silence))
	r.Stats = d.Stats()
	d.End()
	r.Findings = d.Findings()
	t.stop()
	if len(clocks) > 0 {
		r.Took = slices.Min(t.took)
	}
	return r
}

// timer adds up time by several clocks.
type timer struct {
	clocks      []Clock
	begun, took []time.Duration
}

func (t *timer) start() {
	for i, clock := range t.clocks {
		t.begun[i] = clock()
	}
}

func (t *timer) stop() {
	for i, clock := range t.clocks {
		t.took[i] += clock() - t.begun[i]
	}
}
