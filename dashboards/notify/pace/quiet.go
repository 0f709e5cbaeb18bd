package pace

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Quiet are the hours of each day in which nobody is to be woken.
type Quiet struct {
	// From and To are minutes since midnight in Zone; To is the first one that is
	// no longer quiet. If it is before From, it is that of the next day.
	From, To int
	Zone     *time.Location
	// Urgent lets the alert that an attack begins through.
	Urgent bool
}

// ParseClock reads a time of day such as "22:00" as minutes since midnight.
func ParseClock(text string) (int, error) {
	hour, minute, ok := strings.Cut(text, ":")
	h, herr := strconv.ParseUint(hour, 10, 8)
	m, merr := strconv.ParseUint(minute, 10, 8)
	if !ok || herr != nil || merr != nil || h > 23 || m > 59 || len(hour) > 2 || len(minute) != 2 {
		return 0, errors.New("this is no time of day")
	}
	return int(h*60 + m), nil
}

// Until returns when the quiet hours end in which now lies; false if it lies in
// none. A nil Quiet has none.
func (q *Quiet) Until(now time.Time) (time.Time, bool) {
	if q == nil || q.From == q.To {
		return time.Time{}, false
	}
	local := now.In(q.Zone)
	minute := local.Hour()*60 + local.Minute()
	day := local.Day()
	switch {
	case q.From < q.To:
		if minute < q.From || minute >= q.To {
			return time.Time{}, false
		}
	case minute >= q.From:
		day++
	case minute >= q.To:
		return time.Time{}, false
	}
	end := time.Date(local.Year(), local.Month(), day, q.To/60, q.To%60, 0, 0, q.Zone)
	if !end.After(now) { // where clocks are put back, the same time comes twice
		end = end.Add(time.Hour)
	}
	return end, true
}
