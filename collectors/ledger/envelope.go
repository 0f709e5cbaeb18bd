package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"winnow/pipeline/post"
)

// version is that of the envelope's form.
const version = 1

// The bounds of an envelope. What New and the methods of Ledger build stays
// within them, so that no process writes what the next one refuses.
const (
	// MaxCursor is how long a source's own cursor may be, in bytes.
	MaxCursor = 16 << 10
	// MaxState is how long a source's own state may be, in bytes.
	MaxState = 64 << 10
	// MaxPending is how many gaps wait to be filled; the oldest give way.
	MaxPending = 64
	// MaxCampaigns is how many campaigns are remembered, those no longer
	// watched included.
	MaxCampaigns = 1024

	maxEnvelope = 8 << 20
	maxName     = 512
	maxNote     = 500
	maxCause    = 64
	maxHash     = 128
)

// ErrDamaged says that what the log has as a source's cursor is no envelope.
var ErrDamaged = errors.New("the source's cursor in the log is damaged")

// Envelope is what a source's cursor in the log holds: the source's own cursor
// and everything the next process must know to go on with the same account.
type Envelope struct {
	Version int    `json:"v"`
	Source  string `json:"source"`
	// Cursor is the source's own, State what a Stateful source keeps.
	Cursor []byte `json:"cursor,omitempty"`
	State  []byte `json:"state,omitempty"`
	// Seen is until when everything was seen or is recorded as a gap; Reached
	// how far, in the platform's time, a replay came.
	Seen    time.Time `json:"seen"`
	Reached time.Time `json:"reached,omitzero"`
	// Open is the gap that was open, Share the sampling that went on; nil if
	// there was none.
	Open  *Pending `json:"open,omitempty"`
	Share *Pending `json:"share,omitempty"`
	// Pending are gaps that are closed but not decided.
	Pending []Pending `json:"pending,omitempty"`
	// Campaigns are those ever watched, by name.
	Campaigns map[string]Campaign `json:"campaigns,omitempty"`
}

// Pending is a gap that something is still to become of.
type Pending struct {
	Gap post.Gap `json:"gap"`
	// Resume is the source's cursor when the gap began, nil if it had none.
	Resume []byte `json:"resume,omitempty"`
	// Ask says that the gap is to be asked for; else the stream's replay may
	// still bring it.
	Ask bool `json:"ask,omitempty"`
}

// Campaign is what is remembered of one that the source watches or watched.
type Campaign struct {
	// Hash is that of its definition.
	Hash string `json:"hash"`
	// Since is when it was watched first, Seen until when it was last.
	Since time.Time `json:"since"`
	Seen  time.Time `json:"seen"`
}

// Encode returns the envelope's bytes, without a final newline.
func (e *Envelope) Encode() ([]byte, error) {
	data, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode where the source goes on: %w", err)
	}
	return data, nil
}

// Decode reads the envelope of a source. The error is ErrDamaged, or says that
// a later version wrote it.
func Decode(source string, data []byte) (*Envelope, error) {
	if len(data) > maxEnvelope {
		return nil, fmt.Errorf("%w: %d bytes, at most %d", ErrDamaged, len(data), maxEnvelope)
	}
	var head struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, fmt.Errorf("%w: it is no JSON object", ErrDamaged)
	}
	if head.Version > version {
		return nil, fmt.Errorf("the source's cursor in the log has form %d and this version knows %d: run the newer version of Winnow", head.Version, version)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var e Envelope
	if err := dec.Decode(&e); err != nil {
		return nil, fmt.Errorf("%w: a field is not what it should be", ErrDamaged)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something follows it", ErrDamaged)
	}
	if err := e.check(source); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &e, nil
}

func (e *Envelope) check(source string) error {
	switch {
	case e.Version != version:
		return fmt.Errorf("its form is %d", e.Version)
	case e.Source != source:
		return errors.New("it is another source's")
	case len(e.Cursor) > MaxCursor:
		return fmt.Errorf("the platform's cursor has %d bytes", len(e.Cursor))
	case len(e.State) > MaxState:
		return fmt.Errorf("the source's state has %d bytes", len(e.State))
	case !sound(e.Seen), !e.Reached.IsZero() && !sound(e.Reached):
		return errors.New("a time is out of bounds")
	case len(e.Pending) > MaxPending:
		return fmt.Errorf("%d gaps are pending", len(e.Pending))
	case len(e.Campaigns) > MaxCampaigns:
		return fmt.Errorf("%d campaigns", len(e.Campaigns))
	case e.Open != nil && e.Open.Gap.Campaign != "", e.Share != nil && e.Share.Gap.Campaign != "":
		return errors.New("the open gap is one campaign's")
	}
	for name, c := range e.Campaigns {
		if !named(name) || c.Hash == "" || len(c.Hash) > maxHash || !sound(c.Since) || !sound(c.Seen) {
			return errors.New("a campaign is not what it should be")
		}
	}
	for _, p := range []*Pending{e.Open, e.Share} {
		if p != nil && (!p.Gap.Open() || !p.sound(source)) {
			return errors.New("the open gap is not what it should be")
		}
	}
	for i := range e.Pending {
		if p := &e.Pending[i]; p.Gap.Open() || !p.sound(source) {
			return errors.New("a pending gap is not what it should be")
		}
	}
	return nil
}

// sound reports whether a gap is within its bounds.
func (p *Pending) sound(source string) bool {
	g := &p.Gap
	return g.Source == source && len(p.Resume) <= MaxCursor &&
		(g.Campaign == "" || named(g.Campaign)) &&
		g.Cause != "" && len(g.Cause) <= maxCause && len(g.Platform) <= maxCause &&
		g.Fill == post.Pending && len(g.Note) <= maxNote &&
		g.Share >= 0 && g.Share < 1 &&
		sound(g.From) && (g.To.IsZero() || sound(g.To) && !g.To.Before(g.From))
}

func named(name string) bool { return name != "" && len(name) <= maxName && utf8.ValidString(name) }

// sound reports whether a time can be one of ours. Its bounds are wide: a
// machine whose clock went wrong once must not lose its account for it.
func sound(t time.Time) bool {
	return !t.IsZero() && t.Year() >= 1900 && t.Year() < 3000
}
