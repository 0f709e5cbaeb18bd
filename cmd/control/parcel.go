package control

import (
	"errors"

	"winnow/pipeline/feed"
)

// parcel is a batch on its way to the owner. Posts do not show as JSON what was
// received of them, so that goes beside them.
type parcel struct {
	feed.Batch
	Received []received `json:"received,omitzero"`
}

// received is what a post carries of how it came.
type received struct {
	// Post is its place in the batch.
	Post  int    `json:"post"`
	Raw   []byte `json:"raw,omitzero"`
	Query string `json:"query,omitzero"`
}

func parcelOf(b feed.Batch) parcel {
	p := parcel{Batch: b}
	for i := range b.Posts {
		if one := &b.Posts[i]; one.Raw != nil || one.Query != "" {
			p.Received = append(p.Received, received{Post: i, Raw: one.Raw, Query: one.Query})
		}
	}
	return p
}

// open returns the batch as it was before.
func (p *parcel) open() (feed.Batch, error) {
	for _, r := range p.Received {
		if r.Post < 0 || r.Post >= len(p.Posts) {
			return feed.Batch{}, errors.New("something was received of a post that is not there")
		}
		p.Posts[r.Post].Received(r.Raw, r.Query)
	}
	return p.Batch, nil
}
