package witness

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/storage/evidence"
)

// Sender sends a message to people, by mail, chat or webhook.
type Sender interface {
	Send(ctx context.Context, title, text string) error
}

// People are witnesses that get a message.
type People struct{ senders []Sender }

// ToPeople makes a witness of all who are reached by some senders.
func ToPeople(senders ...Sender) *People { return &People{senders: senders} }

// Means is "message".
func (*People) Means() string { return "message" }

// Show sends the head to everybody. It is an error if nobody got it.
func (p *People) Show(ctx context.Context, h evidence.Head) ([]byte, error) {
	title, text := Message(h)
	var failed error
	reached := 0
	for _, s := range p.senders {
		if err := s.Send(ctx, title, text); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		reached++
	}
	if reached > 0 {
		return nil, nil
	}
	if failed == nil {
		failed = errors.New("there is nobody to send it to")
	}
	return nil, fmt.Errorf("send a head: %w", failed)
}

// Message is what people get.
func Message(h evidence.Head) (title, text string) {
	return fmt.Sprintf("Head of the evidence of %s", h.Campaign),
		fmt.Sprintf(`%s

This stands for the first %d records that Winnow keeps as evidence of the campaign %s; the last of
them was received at %s. Please keep this message: with it anybody can tell later whether one of them
was changed, added or taken out.

  winnow evidence verify %q --head %s
`, h.Head, h.Records, h.Campaign, h.At.UTC().Format(time.RFC3339), h.Campaign, h.Head)
}
