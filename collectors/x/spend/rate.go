package spend

import "time"

// The fast rate is that of the last slots of reading, the slow one that of the
// last hours in which anything was read.
const (
	slotTime  = 10 * time.Second
	slotCount = 30 // five minutes
	peakSlots = 6  // the last minute
	hourCount = 24
	// longestTick is the longest time between two decisions that counts as
	// time of reading.
	longestTick = time.Minute
)

// rates know how much there is to read.
type rates struct {
	slots [slotCount]float64
	slot  int64 // the current one, in slotTimes of reading
	// read is how long there was reading, without pauses.
	read time.Duration
	// hours are the last hours of reading, oldest first.
	hours []hour
}

// hour is what there was to read in an hour, UTC.
type hour struct {
	At    int64   `json:"at"`    // hours since 1970
	Posts float64 `json:"posts"` // of the stream, had all been read
	Other uint64  `json:"other"` // what else was paid for
}

// advance adds d of reading.
func (r *rates) advance(now time.Time, d time.Duration) {
	r.read += d
	to := int64(r.read / slotTime)
	for n := 0; r.slot < to && n < slotCount; n++ {
		r.slot++
		r.slots[r.slot%slotCount] = 0
	}
	r.slot = to
	r.hour(now)
}

// forget drops the fast rate, which is too old after a long pause.
func (r *rates) forget() { clear(r.slots[:]) }

// add says that posts came which stand for n.
func (r *rates) add(now time.Time, n float64) {
	r.slots[r.slot%slotCount] += n
	r.hour(now).Posts += n
}

func (r *rates) hour(now time.Time) *hour {
	at := now.Unix() / 3600
	if n := len(r.hours); n > 0 && r.hours[n-1].At >= at {
		return &r.hours[n-1]
	}
	if len(r.hours) == hourCount {
		r.hours = append(r.hours[:0], r.hours[1:]...)
	}
	r.hours = append(r.hours, hour{At: at})
	return &r.hours[len(r.hours)-1]
}

// fast is the rate of the last five minutes, in posts a second.
func (r *rates) fast() float64 {
	sum := 0.0
	for _, n := range r.slots {
		sum += n
	}
	return sum / (slotCount * slotTime.Seconds())
}

// peak is the highest rate of the last minute, in posts a second.
func (r *rates) peak() float64 {
	most := 0.0
	for i := range int64(peakSlots) {
		if r.slot-i >= 0 {
			most = max(most, r.slots[(r.slot-i)%slotCount])
		}
	}
	return most / slotTime.Seconds()
}

// slow is the rate of the last 24 hours in which there was reading, in posts a
// second; other that of all else that is paid for. Fewer hours count as 24, so
// that a burst at the start is not taken for the rule.
func (r *rates) slow() (posts, other float64) {
	for _, h := range r.hours {
		posts += h.Posts
		other += float64(h.Other)
	}
	const span = hourCount * 3600
	return posts / span, other / span
}

// ahead is how many posts there will be to read in the time left.
func (r *rates) ahead(left time.Duration) float64 {
	slow, _ := r.slow()
	burst := min(left, time.Hour)
	return r.fast()*burst.Seconds() + slow*(left-burst).Seconds()
}
