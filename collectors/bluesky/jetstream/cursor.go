package jetstream

import (
	"time"

	"github.com/go-json-experiment/json"

	"winnow/collectors/bluesky/socket"
)

// position is where the stream is, and, as JSON, its cursor.
type position struct {
	// Host is the one that Seq, the last event's number, belongs to.
	Host string `json:"host"`
	Seq  int64  `json:"seq,omitzero"`
	// TimeUS is when the latest event up to here was sequenced, in microseconds.
	// It never goes back, though events do after a change of hosts.
	TimeUS int64 `json:"time_us"`
}

// parse reads a cursor; false if there is none or it is none.
func parse(cursor []byte) (position, bool) {
	var p position
	if len(cursor) == 0 || json.Unmarshal(cursor, &p) != nil || p.Seq < 0 || p.TimeUS <= 0 {
		return position{}, false
	}
	return p, true
}

func (p position) encode() []byte {
	raw, err := json.Marshal(p)
	if err != nil { // a host's name that is no UTF-8, which no URL has
		return nil
	}
	return raw
}

func (p position) time() time.Time { return time.UnixMicro(p.TimeUS).UTC() }

// advance moves the position behind an event. A time ahead of our clock does not
// count: a server whose clock is wrong must not make us skip what others send.
func (p *position) advance(host string, seq, timeUS int64, now time.Time) {
	if p.Host != host {
		p.Host, p.Seq = host, 0
	}
	p.Seq = max(p.Seq, seq)
	p.TimeUS = max(p.TimeUS, min(timeUS, now.UnixMicro()))
}

// start is where a connection begins.
type start struct {
	// cursor is what the host is asked for; 0 for what comes from now on.
	cursor int64
	// from is since when everything comes then; zero if from now on.
	from time.Time
}

// firstTime is the least cursor that is a time; less is a sequence number.
const firstTime = 1_000_000_000_000_000

// rewind is how far before the wanted time a host is asked: hosts see the same
// event at slightly different times.
const rewind = 5 * time.Second

// byTime starts at a time, which any host understands.
func byTime(t time.Time) start {
	return start{max(t.Add(-rewind).UnixMicro(), firstTime), t}
}

// sequence reports whether the start is a sequence number of one host.
func (s start) sequence() bool { return 0 < s.cursor && s.cursor < firstTime }

// startAt says where to begin on a host, having been at p.
func startAt(p position, h socket.Host) start {
	if p.Host == h.Name() && 0 < p.Seq && p.Seq < firstTime {
		return start{p.Seq, p.time()}
	}
	return byTime(p.time())
}
