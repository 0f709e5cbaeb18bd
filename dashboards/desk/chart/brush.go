package chart

import "time"

// Brush is what a script needs to make buckets of a stretch of the plot, and times of
// buckets. The plot lies between PlotLeft and PlotRight.
type Brush struct {
	// From is when the first bucket begins and To when the last one ends.
	From, To time.Time
	Step     time.Duration
	Buckets  int
}

// FromMs is From in milliseconds since 1970, as scripts count.
func (b Brush) FromMs() int64 { return b.From.UnixMilli() }

// StepMs is Step in milliseconds.
func (b Brush) StepMs() int64 { return b.Step.Milliseconds() }

// Last is the number of the last bucket, counted from 0.
func (b Brush) Last() int { return b.Buckets - 1 }

// Zone is the name of the zone that times are told in; browsers know those of places.
func (b Brush) Zone() string { return b.From.Location().String() }

// Offset is how many minutes that zone is ahead of UTC when the plot begins: for
// zones that a browser does not know by name.
func (b Brush) Offset() int {
	_, seconds := b.From.Zone()
	return seconds / 60
}
