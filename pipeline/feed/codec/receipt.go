package codec

import (
	"encoding/binary"
	"time"

	"winnow/pipeline/post"
)

// The bits of the byte in front of what was received.
const (
	hasReceipt = 1 << iota
	clockKnown
	clockSynchronised
	knownReceipt = 1<<iota - 1
)

// appendReceipt appends what was received of the posts: apart from them, since
// few batches have any, and decoding a post copies what it has. A batch without
// any of it ends in one zero byte.
func appendReceipt(dst []byte, b *Body) []byte {
	n := 0
	for i := range b.Posts {
		if received(&b.Posts[i]) {
			n++
		}
	}
	r := &b.Receipt
	if n == 0 && *r == (post.Receipt{}) {
		return append(dst, 0)
	}
	flags := byte(hasReceipt)
	if r.Clock.Known {
		flags |= clockKnown
	}
	if r.Clock.Synchronised {
		flags |= clockSynchronised
	}
	dst = appendText(append(dst, flags), r.Version)
	dst = binary.AppendVarint(dst, int64(r.Clock.MaxError))
	dst = binary.AppendVarint(dst, int64(r.Clock.EstError))
	dst = binary.AppendUvarint(dst, uint64(n))
	next := 0 // the post behind the last one written
	for i := range b.Posts {
		p := &b.Posts[i]
		if !received(p) {
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(i-next))
		next = i + 1
		dst = appendText(dst, p.Query)
		dst = append(binary.AppendUvarint(dst, uint64(len(p.Raw))), p.Raw...)
	}
	return dst
}

func received(p *post.Post) bool { return len(p.Raw) > 0 || p.Query != "" }

// receipt reads what appendReceipt wrote into the posts that are read already.
func (r *reader) receipt(b *Body) {
	flags := r.bytes(1)
	if len(flags) == 0 || flags[0] == 0 {
		return
	}
	if flags[0]&hasReceipt == 0 || flags[0]&^knownReceipt != 0 {
		r.fail(errFlags)
		return
	}
	b.Receipt.Version = r.string()
	b.Receipt.Clock = post.Clock{
		Known: flags[0]&clockKnown != 0, Synchronised: flags[0]&clockSynchronised != 0,
		MaxError: time.Duration(r.varint()), EstError: time.Duration(r.varint()),
	}
	next := uint64(0)
	query := ""
	for range r.count(minReceived, len(b.Posts)) {
		skip := r.uvarint()
		if skip >= uint64(len(b.Posts))-next {
			r.fail(errNumber)
		}
		asked := r.bytes(r.uvarint())
		raw := r.bytes(r.uvarint())
		if r.err != nil {
			return
		}
		p := &b.Posts[next+skip]
		next += skip + 1
		if string(asked) != query { // most posts of a batch were asked for alike
			query = string(asked)
		}
		p.Query = query
		if len(raw) > 0 {
			p.Raw = append([]byte(nil), raw...)
		}
	}
}
