package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"winnow/pipeline/post"
)

// The smallest encodings, by which a claimed number of records is checked
// before room is made for them: a post is its length, flags, platform, kind,
// two texts and a time of two bytes at least; a deletion a platform, a text
// and a time; a gap three words, three texts, two times and a share; a watch a
// word, two texts and a time; what was received a distance, a text and bytes; a pair of texts or one text their lengths.
const (
	minPost     = 4 + 1 + 1 + 1 + 1 + 1 + 2
	minDeletion = 1 + 1 + 2
	minGap      = 3*1 + 3*1 + 2*2 + 8
	minWatch    = 1 + 2*1 + 2
	minReceived = 1 + 1 + 1
	minPair     = 2
	minText     = 1
)

// The ways in which a payload can be damaged. All of them are ErrDamaged.
var (
	errShort   = errors.New("it ends too early")
	errNumber  = errors.New("a number out of range")
	errTail    = errors.New("bytes after the end")
	errFlags   = errors.New("unknown fields; was it written by a later version of winnow?")
	errTooMany = errors.New("more records than a batch may hold")
)

// Decode returns the batch in a payload. Every error is ErrDamaged: the log is
// damaged or was written by a later version.
//
// The texts of one post share one allocation, so whoever keeps one of them for
// long clones it.
func (c *Codec) Decode(payload []byte) (Head, Body, error) {
	scratch := c.raws.Get().(*[]byte)
	defer c.raws.Put(scratch)
	raw, err := c.decompress((*scratch)[:0], payload)
	if err != nil {
		return Head{}, Body{}, err
	}
	*scratch = raw
	return decodeBatch(raw, payload[0])
}

// DecodeHead returns what stands in front of the posts alone. Every error is
// ErrDamaged.
func (c *Codec) DecodeHead(payload []byte) (Head, error) {
	scratch := c.raws.Get().(*[]byte)
	defer c.raws.Put(scratch)
	raw, err := c.decompress((*scratch)[:0], payload)
	if err != nil {
		return Head{}, err
	}
	*scratch = raw
	r := reader{buf: raw}
	h := r.head()
	if r.err != nil {
		return Head{}, r.damage()
	}
	return h, nil
}

func (c *Codec) decompress(dst, payload []byte) ([]byte, error) {
	if len(payload) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrDamaged)
	}
	if v := payload[0]; v < firstVersion || v > formatVersion {
		return nil, fmt.Errorf("%w: format %d, known is up to %d; was it written by a later version of winnow?", ErrDamaged, v, formatVersion)
	}
	raw, err := c.dec.DecodeAll(payload[1:], dst)
	if err != nil {
		return nil, fmt.Errorf("%w: decompress: %w", ErrDamaged, err)
	}
	return raw, nil
}

// decodeBatch reads the plain form of a version.
func decodeBatch(raw []byte, version byte) (h Head, b Body, err error) {
	known := uint64(knownFlags)
	if version == firstVersion {
		known = flagsV1
	}
	r := reader{buf: raw}
	h = r.head()
	elements := 0
	if n := r.count(minPost, maxRecords); n > 0 {
		b.Posts = make([]post.Post, n)
		for i := range b.Posts {
			section := r.bytes(uint64(r.fixed32()))
			if r.err != nil {
				break
			}
			p := reader{buf: section, text: string(section), elements: elements}
			p.post(&b.Posts[i], known)
			if elements = p.elements; p.err != nil {
				return Head{}, Body{}, fmt.Errorf("post %d: %w", i, p.damage())
			}
		}
	}
	if n := r.count(minDeletion, maxRecords); n > 0 {
		b.Deletions = make([]post.Deletion, n)
		for i := range b.Deletions {
			d := &b.Deletions[i]
			d.Platform = post.Platform(r.word(platforms[:]))
			d.NativeID = r.string()
			d.At = r.time()
		}
	}
	if version >= coverageSince {
		b.Gaps, b.Watches = r.coverage()
	}
	if version >= receiptSince {
		r.receipt(&b)
	}
	r.end()
	if r.err != nil {
		return Head{}, Body{}, r.damage()
	}
	return h, b, nil
}

// reader takes values from the front of buf. The first mistake sticks in err,
// and everything read after it is zero.
type reader struct {
	buf []byte
	at  int
	// text is buf as a string if texts may share it, else "".
	text string
	// elements counts against maxElements.
	elements int
	err      error
}

func (r *reader) damage() error {
	return fmt.Errorf("%w: at byte %d of %d: %w", ErrDamaged, r.at, len(r.buf), r.err)
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *reader) end() {
	if r.at != len(r.buf) {
		r.fail(errTail)
	}
}

func (r *reader) head() Head {
	h := Head{Source: r.string(), Campaign: r.string()}
	if c := r.bytes(r.uvarint()); len(c) > 0 {
		h.Cursor = append(h.Cursor, c...)
	}
	if h.Source == "" {
		r.fail(errors.New("no source"))
	}
	return h
}

// post reads a post whose flags are among the known ones.
func (r *reader) post(p *post.Post, known uint64) {
	flags := r.uvarint()
	if flags&^known != 0 {
		r.fail(errFlags)
	}
	a, e := &p.Account, &p.Engagement
	p.Platform = post.Platform(r.word(platforms[:]))
	p.Kind = post.Kind(r.word(kinds[:]))
	p.ID = r.string()
	a.ID = r.string()
	p.PostedAt = r.time()
	a.DefaultProfile = flags&hasDefaultProfile != 0
	a.Bot = flags&hasBot != 0
	r.stringIf(flags&hasNativeID, &p.NativeID)
	r.stringIf(flags&hasHandle, &a.Handle)
	r.stringIf(flags&hasName, &a.Name)
	r.stringIf(flags&hasLang, &p.Lang)
	r.stringIf(flags&hasText, &p.Text)
	r.stringIf(flags&hasURL, &p.URL)
	r.stringIf(flags&hasShared, &p.Shared)
	r.stringIf(flags&hasCampaign, &p.Campaign)
	r.timeIf(flags&hasCreatedAt, &a.CreatedAt)
	r.timeIf(flags&hasObservedAt, &p.ObservedAt)
	r.timeIf(flags&hasEditedAt, &p.EditedAt)
	if flags&hasAccountCounts != 0 {
		a.Followers, a.Following, a.Posts = r.number(), r.number(), r.number()
	}
	if flags&hasEngagement != 0 {
		e.Likes, e.Reposts, e.Replies, e.Quotes, e.Views = r.number(), r.number(), r.number(), r.number(), r.number()
	}
	if flags&hasTimeSlack != 0 {
		p.TimeSlack = r.uint32()
	}
	if flags&hasTags != 0 {
		if n := r.list(minPair); n > 0 {
			p.Tags = make([]post.Tag, n)
			for i := range p.Tags {
				p.Tags[i] = post.Tag{Key: r.string(), Posted: r.string()}
			}
		}
	}
	if flags&hasLinks != 0 {
		p.Links = r.strings()
	}
	if flags&hasMentions != 0 {
		if n := r.list(minPair); n > 0 {
			p.Mentions = make([]post.Mention, n)
			for i := range p.Mentions {
				p.Mentions[i] = post.Mention{AccountID: r.string(), Handle: r.string()}
			}
		}
	}
	if flags&hasImages != 0 {
		p.Images = r.strings()
	}
	r.refIf(flags&hasReplyTo, &p.ReplyTo)
	r.refIf(flags&hasRepostOf, &p.RepostOf)
	r.refIf(flags&hasQuoteOf, &p.QuoteOf)
	r.end()
}

func (r *reader) uvarint() uint64 {
	if r.err != nil {
		return 0
	}
	// Most numbers are lengths below 128.
	if r.at < len(r.buf) && r.buf[r.at] < 0x80 {
		r.at++
		return uint64(r.buf[r.at-1])
	}
	v, n := binary.Uvarint(r.buf[r.at:])
	return r.took(v, n)
}

func (r *reader) varint() int64 {
	if r.err != nil {
		return 0
	}
	v, n := binary.Varint(r.buf[r.at:])
	return int64(r.took(uint64(v), n))
}

// took accounts for a varint of n bytes; n <= 0 says why there is none.
func (r *reader) took(v uint64, n int) uint64 {
	switch {
	case n > 0:
		r.at += n
		return v
	case n == 0:
		r.fail(errShort)
	default:
		r.fail(errNumber)
	}
	return 0
}

func (r *reader) number() post.Count { return post.Count(r.uvarint()) }

func (r *reader) uint32() uint32 {
	n := r.uvarint()
	if n > math.MaxUint32 {
		r.fail(errNumber)
		return 0
	}
	return uint32(n)
}

func (r *reader) fixed32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// bytes returns the next n bytes, which stay part of the buffer.
func (r *reader) bytes(n uint64) []byte {
	if r.err != nil {
		return nil
	}
	if n > uint64(len(r.buf)-r.at) {
		r.fail(errShort)
		return nil
	}
	b := r.buf[r.at : r.at+int(n)]
	r.at += int(n)
	return b
}

func (r *reader) string() string {
	b := r.bytes(r.uvarint())
	if len(b) == 0 {
		return ""
	}
	if r.text == "" {
		return string(b)
	}
	return r.text[r.at-len(b) : r.at]
}

func (r *reader) stringIf(flag uint64, s *string) {
	if flag != 0 {
		*s = r.string()
	}
}

func (r *reader) strings() []string {
	n := r.list(minText)
	if n == 0 {
		return nil
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = r.string()
	}
	return texts
}

func (r *reader) refIf(flag uint64, ref *post.Ref) {
	if flag != 0 {
		ref.PostID, ref.AccountID, ref.Handle = r.string(), r.string(), r.string()
	}
}

func (r *reader) word(table []string) string {
	i := r.uvarint()
	switch {
	case i == 0:
		return r.string()
	case i < uint64(len(table)):
		return table[i]
	}
	r.fail(errNumber)
	return ""
}

func (r *reader) time() time.Time {
	sec, nsec := r.varint(), r.uvarint()
	if nsec >= uint64(time.Second) {
		r.fail(errNumber)
	}
	if r.err != nil {
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}

func (r *reader) timeIf(flag uint64, t *time.Time) {
	if flag != 0 {
		*t = r.time()
	}
}

// count reads how many records follow, each of least bytes at least.
func (r *reader) count(least, most int) int {
	n := r.uvarint()
	switch {
	case n > uint64(most):
		r.fail(errTooMany)
	case n > uint64((len(r.buf)-r.at)/least):
		r.fail(errShort)
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

// list is count for a post's elements, which all posts of a batch share.
func (r *reader) list(least int) int {
	n := r.count(least, maxElements-r.elements)
	r.elements += n
	return n
}
