package witness

import (
	"context"
	"errors"
	"fmt"

	"winnow/storage/evidence"
)

// Sender sends a head to somebody, by mail, chat or webhook, in words of its own.
type Sender interface {
	// Wants reports whether heads of a campaign are for them.
	Wants(campaign string) bool
	Send(ctx context.Context, h evidence.Head) error
}

// ErrNobody is that of a head that is for nobody.
var ErrNobody = errors.New("there is nobody to send it to")

// People are witnesses that get a message.
type People struct{ senders []Sender }

// ToPeople makes a witness of all who are reached by some senders.
func ToPeople(senders ...Sender) *People { return &People{senders: senders} }

// Means is "message".
func (*People) Means() string { return "message" }

// Show sends the head to everybody who wants it. It is an error if nobody got it, and
// [ErrNobody] if nobody wants it.
func (p *People) Show(ctx context.Context, h evidence.Head) ([]byte, error) {
	failed := ErrNobody
	reached := 0
	for _, s := range p.senders {
		if !s.Wants(h.Campaign) {
			continue
		}
		err := s.Send(ctx, h)
		switch {
		case err == nil:
			reached++
		case errors.Is(failed, ErrNobody):
			failed = err
		default:
			failed = errors.Join(failed, err)
		}
	}
	if reached > 0 {
		return nil, nil
	}
	return nil, fmt.Errorf("send a head: %w", failed)
}
