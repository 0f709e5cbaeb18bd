package evaluate

import (
	"iter"
	"time"

	"winnow/pipeline/coordination"
	"winnow/pipeline/post"
)

// Lateness is how late a post may come to a detector as Detect runs it.
const Lateness = 5 * time.Minute

// Run is what one detector made of the posts of one campaign.
type Run struct {
	Findings []coordination.Finding
	// Took is the time that the detector alone took, on the clock; making the
	// posts is left out.
	Took time.Duration
	// Stats are those of the detector at the end.
	Stats coordination.Stats
}

// Detect runs a detector over the posts of a campaign, which come in order of
// time but for Lateness. now is the clock by which it is timed.
func Detect(campaign string, batches iter.Seq[[]post.Post], now func() time.Time) Run {
	var r Run
	d := coordination.New(coordination.Config{Campaign: campaign, Lateness: Lateness})
	for posts := range batches {
		begin := now()
		for i := range posts {
			d.Add(&posts[i])
		}
		r.Took += now().Sub(begin)
	}
	begin := now()
	r.Findings = d.Findings()
	r.Took += now().Sub(begin)
	r.Stats = d.Stats()
	return r
}
