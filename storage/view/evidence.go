package view

import (
	"context"
	"fmt"
	"time"

	"winnow/storage/query"
)

// FindingEvidence is one piece that the bits of a finding are made of.
type FindingEvidence struct {
	// Number is its place within the finding, the strongest is 1.
	Number uint32
	// Kind is a coordination.EvidenceKind.
	Kind string
	// ObjectKind and ObjectID name the object that founded it, Label shows it to
	// a person; empty if it is none of those that the finding lists.
	ObjectKind, ObjectID, Label string
	// A and B are the accounts of a pair, A the one of a group; else they are
	// empty.
	A, B Party
	// From and To are its first and last action, Window the longest time between
	// two actions that count together.
	From, To time.Time
	Window   time.Duration
	Accounts uint64
	// Bits is what it earned, Need what it had to earn, and Counted what of it
	// the finding counts: not what another piece says already.
	Bits, Need, Counted float64
	// DetectedAt is when it sufficed, in the time of the posts; zero if that is
	// not known.
	DetectedAt time.Time
	Terms      []EvidenceTerm
}

// Party is an account that a piece of evidence is about; the zero value is none.
type Party struct {
	Platform, AccountID string
	// Handle is its name for people; empty if it is not known.
	Handle string
}

// EvidenceTerm is one number that bits are computed from: Observed of Of, where
// chance would give Base, earn Bits. docs/detection.md has the formula of each.
type EvidenceTerm struct {
	Name                     string
	Observed, Of, Base, Bits float64
}

// maxEvidence is how many pieces a finding's detail holds; queries reach the
// rest.
const maxEvidence = 100

// evidence returns the strongest pieces of a finding, so many, and how many more it has.
func (r *Reader) evidence(ctx context.Context, campaign, id string, limit uint32) (all []FindingEvidence, more uint64, err error) {
	const doing = "reading what the bits of a finding are made of"
	rows, err := r.conn.Query(ctx, findingEvidenceSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("limit", limit))
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", doing, err)
	}
	type row struct {
		FindingEvidence
		windowSeconds float64
		term          EvidenceTerm
		number        uint16
		pieces        uint64
	}
	var pieces uint64
	err = query.Each(rows, func(x *row) []any {
		return []any{
			&x.Number, &x.Kind, &x.ObjectKind, &x.ObjectID, &x.Label,
			&x.A.Platform, &x.A.AccountID, &x.A.Handle, &x.B.Platform, &x.B.AccountID, &x.B.Handle,
			&x.From, &x.To, &x.windowSeconds, &x.Accounts, &x.Bits, &x.Need, &x.Counted, &x.DetectedAt,
			&x.number, &x.term.Name, &x.term.Observed, &x.term.Of, &x.term.Base, &x.term.Bits, &x.pieces,
		}
	}, func(x *row) error {
		pieces = x.pieces
		if n := len(all); n == 0 || all[n-1].Number != x.Number {
			x.Window = time.Duration(x.windowSeconds * float64(time.Second))
			x.From, x.To, x.DetectedAt = knownTime(x.From), knownTime(x.To), knownTime(x.DetectedAt)
			all = append(all, x.FindingEvidence)
		}
		if x.number > 0 {
			last := &all[len(all)-1]
			last.Terms = append(last.Terms, x.term)
		}
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", doing, err)
	}
	return all, pieces - uint64(len(all)), nil
}

// knownTime is t, or the zero time for 1970, by which the store says that a
// time is not known.
func knownTime(t time.Time) time.Time {
	if t.Unix() == 0 {
		return time.Time{}
	}
	return t
}
