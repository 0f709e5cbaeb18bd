package sieve

import (
	"bytes"
	"time"
)

// Head is what a frame of either wire says beside its record. The byte slices
// are parts of the frame.
type Head struct {
	// Kind is "commit", "account", "identity" or "sync".
	Kind []byte
	DID  []byte
	// Seq is the sequence number, 0 if there is none; TimeUS when the event
	// was sequenced, in microseconds.
	Seq, TimeUS int64
	// Operation, Collection, RKey, Rev and Record are those of a commit.
	Operation, Collection, RKey, Rev []byte
	Record                           []byte
}

// Scan reads the head of a frame. It returns false if the frame is none, or is
// laid out in a way that Scan does not read: escapes in the head, a name that
// stands there twice, notices and errors of the server. Where it returns true,
// decoding the frame gives the same, or fails.
func Scan(raw []byte, h *Head) bool {
	*h = Head{}
	s := scanner{b: raw}
	return s.top(h) && s.end()
}

// The members of a frame's objects, as bits: each may stand there once.
const (
	seenDID = 1 << iota
	seenTime
	seenSeq
	seenKind
	seenBody
	seenEnvelope
	seenOperation
	seenCollection
	seenRKey
	seenRev
	seenRecord
)

func (s *scanner) top(h *Head) bool {
	seen := 0
	for first := true; ; first = false {
		key, more, ok := s.member(first)
		if !ok || !more {
			return ok && seen&(seenEnvelope|seenKind) != 0
		}
		bit := 0
		switch string(key) {
		case "did":
			bit = seenDID
			h.DID, ok = s.text()
		case "time_us":
			bit = seenTime
			h.TimeUS, ok = s.number()
		case "cursor":
			bit = seenSeq
			h.Seq, ok = s.number()
		case "kind":
			bit = seenKind
			h.Kind, ok = s.text()
		case "commit":
			bit = seenBody
			ok = s.commit(h)
		case "payload":
			bit = seenEnvelope
			ok = s.payload(h)
		case "$type":
			var kind []byte
			kind, ok = s.text()
			ok = ok && string(kind) == "message"
		default:
			_, ok = s.skip()
		}
		if !ok || seen&bit != 0 {
			return false
		}
		// A frame is of one wire or of the other.
		if seen |= bit; seen&seenEnvelope != 0 && seen != seenEnvelope {
			return false
		}
	}
}

// commit reads the commit of the old wire.
func (s *scanner) commit(h *Head) bool {
	seen := 0
	for first := true; ; first = false {
		key, more, ok := s.member(first)
		if !ok || !more {
			return ok
		}
		bit := 0
		if bit, ok = s.change(key, h); !ok || seen&bit != 0 {
			return false
		}
		seen |= bit
	}
}

// payload reads the payload of the new wire.
func (s *scanner) payload(h *Head) bool {
	seen := 0
	for first := true; ; first = false {
		key, more, ok := s.member(first)
		if !ok || !more {
			return ok && seen&seenKind != 0 && seen&seenTime != 0
		}
		bit := 0
		switch string(key) {
		case "$type":
			bit = seenKind
			var name []byte
			name, ok = s.text()
			_, h.Kind, _ = bytes.Cut(name, []byte("#"))
			ok = ok && len(h.Kind) > 0 && string(h.Kind) != "info"
		case "did":
			bit = seenDID
			h.DID, ok = s.text()
		case "seq":
			bit = seenSeq
			h.Seq, ok = s.number()
		case "time":
			bit = seenTime
			var at []byte
			if at, ok = s.text(); ok {
				h.TimeUS, ok = micros(at)
			}
		default:
			bit, ok = s.change(key, h)
		}
		if !ok || seen&bit != 0 {
			return false
		}
		seen |= bit
	}
}

// change reads one member of a commit, and tells its bit.
func (s *scanner) change(key []byte, h *Head) (bit int, ok bool) {
	switch string(key) {
	case "operation":
		bit = seenOperation
		h.Operation, ok = s.text()
	case "collection":
		bit = seenCollection
		h.Collection, ok = s.text()
	case "rkey":
		bit = seenRKey
		h.RKey, ok = s.text()
	case "rev":
		bit = seenRev
		h.Rev, ok = s.text()
	case "record":
		bit = seenRecord
		h.Record, ok = s.skip()
	default:
		_, ok = s.skip()
	}
	return bit, ok
}

// micros reads an RFC 3339 time. Nearly all are "2006-01-02T15:04:05.000000Z".
func micros(b []byte) (int64, bool) {
	if len(b) == 27 && b[4] == '-' && b[7] == '-' && b[10] == 'T' && b[13] == ':' && b[16] == ':' && b[19] == '.' && b[26] == 'Z' {
		year, ok1 := digits(b[0:4])
		month, ok2 := digits(b[5:7])
		day, ok3 := digits(b[8:10])
		hour, ok4 := digits(b[11:13])
		minute, ok5 := digits(b[14:16])
		sec, ok6 := digits(b[17:19])
		us, ok7 := digits(b[20:26])
		if ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7 &&
			1 <= month && month <= 12 && 1 <= day && day <= 28 && hour < 24 && minute < 60 && sec < 60 {
			return time.Date(year, time.Month(month), day, hour, minute, sec, us*1000, time.UTC).UnixMicro(), true
		}
	}
	t, err := time.Parse(time.RFC3339, string(b))
	return t.UnixMicro(), err == nil
}

func digits(b []byte) (n int, ok bool) {
	for _, c := range b {
		if c < '0' || '9' < c {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
