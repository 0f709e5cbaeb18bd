package collection

import (
	"cmp"
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"slices"
	"time"
	"unsafe"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// Collection is the posts of one or more archives. The zero value is empty.
type Collection struct {
	streams []*Stream
	places  map[string]*Stream // by campaign
	sources []source
	// chunks hold records, each behind its length (four bytes) and the number
	// of its source (two).
	chunks []chunk
	// whole are the posts that are kept decoded.
	whole []*post.Post
}

// chunk holds records of so many posts.
type chunk struct {
	b     []byte
	posts int
}

// source is what has to be known to decode a record again.
type source struct {
	decode   func([]byte, *wire.Message)
	campaign string // of posts that name none
}

// Stream is the posts of one campaign.
type Stream struct {
	// Campaign is its name.
	Campaign string
	items    [][]item // in blocks, so that they can go one by one
	newest   int64
	behind   time.Duration // how far a post came behind a newer one, at most
	dealt    bool          // the times of the items go before those of the posts
	of       *Collection
}

// item is one post of a stream.
type item struct {
	at    int64  // when it was posted, Unix milliseconds
	chunk uint32 // inWhole, or where its record is
	place uint32 // in the chunk, or in whole
}

const (
	inWhole     = math.MaxUint32
	chunkSize   = 1 << 20
	blockItems  = 1 << 13
	frameHeader = 6
	maxSources  = math.MaxUint16
	postSize    = int(unsafe.Sizeof(post.Post{}))
)

// Streams returns the streams in the order in which their campaigns first
// appeared.
func (c *Collection) Streams() []*Stream { return c.streams }

// Len is the number of posts.
func (c *Collection) Len() int {
	n := 0
	for _, s := range c.streams {
		n += s.Len()
	}
	return n
}

// Len is the number of posts.
func (s *Stream) Len() int {
	n := 0
	for _, block := range s.items {
		n += len(block)
	}
	return n
}

func (c *Collection) source(decode func([]byte, *wire.Message), campaign string) int {
	c.sources = append(c.sources, source{decode, campaign})
	return len(c.sources) - 1
}

// add takes in the posts of one record, which are not kept.
func (c *Collection) add(source int, raw []byte, posts []post.Post) error {
	asRecord := len(posts) == 1 && len(raw) < postSize && source <= maxSources
	for i := range posts {
		p := &posts[i]
		c.sources[source].name(p)
		s, err := c.stream(p.Campaign)
		if err != nil {
			return err
		}
		it := item{at: p.PostedAt.UnixMilli(), chunk: inWhole, place: uint32(len(c.whole))}
		if asRecord {
			it.chunk, it.place = c.keep(source, raw)
		} else {
			whole := *p
			c.whole = append(c.whole, &whole)
		}
		if s.newest != 0 {
			s.behind = max(s.behind, time.Duration(s.newest-it.at)*time.Millisecond)
		}
		s.newest = max(s.newest, it.at)
		s.append(it)
	}
	return nil
}

func (s *Stream) append(it item) {
	last := len(s.items) - 1
	if last < 0 || len(s.items[last]) == cap(s.items[last]) {
		room := blockItems
		if last < 0 {
			room = blockItems / 64 // there may be many streams
		}
		s.items = append(s.items, make([]item, 0, room))
		last++
	}
	s.items[last] = append(s.items[last], it)
}

// name gives a post that names no campaign that of its file.
func (s *source) name(p *post.Post) {
	if p.Campaign == "" {
		p.Campaign = s.campaign
	}
}

// maxCampaigns bounds the streams: a file with more campaigns has something
// else in that column.
const maxCampaigns = 10_000

func (c *Collection) stream(campaign string) (*Stream, error) {
	if s := c.places[campaign]; s != nil {
		return s, nil
	}
	if len(c.streams) == maxCampaigns {
		return nil, errors.New("more than 10,000 campaigns; is the column campaign what it says?")
	}
	if c.places == nil {
		c.places = make(map[string]*Stream)
	}
	// The string may be part of a row, which would stay with it.
	s := &Stream{Campaign: string([]byte(campaign)), of: c}
	c.places[s.Campaign] = s
	c.streams = append(c.streams, s)
	return s, nil
}

// keep stores a record and returns its place.
func (c *Collection) keep(source int, raw []byte) (in, place uint32) {
	n := len(c.chunks)
	if n == 0 || len(c.chunks[n-1].b)+frameHeader+len(raw) > chunkSize {
		c.chunks = append(c.chunks, chunk{b: make([]byte, 0, chunkSize)})
		n++
	}
	k := &c.chunks[n-1]
	place = uint32(len(k.b))
	k.b = binary.LittleEndian.AppendUint32(k.b, uint32(len(raw)))
	k.b = binary.LittleEndian.AppendUint16(k.b, uint16(source))
	k.b = append(k.b, raw...)
	k.posts++
	return uint32(n - 1), place
}

// Sort brings the streams in order of time, as far as they are not: one in
// which no post comes later than within behind a newer one is left as it is.
// Posts of one time stay in the order in which they were read.
func (c *Collection) Sort(within time.Duration) {
	for _, s := range c.streams {
		if s.behind > within {
			s.items = [][]item{s.sorted()}
			s.behind = 0
		}
	}
}

// sorted returns the items in order of time.
func (s *Stream) sorted() []item {
	all := slices.Concat(s.items...)
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Compare(a.at, b.at) })
	return all
}

// Batches gives the posts of the stream, in its order, up to size at a time. A
// batch is valid until the next one.
func (s *Stream) Batches(size int) iter.Seq[[]post.Post] { return s.batches(size, false) }

// Drain gives the posts as Batches does, and lets go of the memory of those that
// were given.
func (s *Stream) Drain(size int) iter.Seq[[]post.Post] { return s.batches(size, true) }

func (s *Stream) batches(size int, drain bool) iter.Seq[[]post.Post] {
	return func(yield func([]post.Post) bool) {
		m := wire.Message{Posts: make([]post.Post, 0, size)}
		for n, block := range s.items {
			for items := range slices.Chunk(block, size) {
				for _, i := range items {
					s.of.decode(i, &m)
					if s.dealt {
						p := &m.Posts[len(m.Posts)-1]
						p.PostedAt, p.ObservedAt = time.UnixMilli(i.at).UTC(), time.Time{}
					}
				}
				if !yield(m.Posts) {
					return
				}
				clear(m.Posts)
				m.Posts = m.Posts[:0]
				if drain {
					s.of.drop(items)
				}
			}
			if drain {
				s.items[n] = nil
			}
		}
	}
}

// drop lets go of the posts of items: a chunk goes with its last.
func (c *Collection) drop(items []item) {
	for _, i := range items {
		if i.chunk == inWhole {
			c.whole[i.place] = nil
			continue
		}
		k := &c.chunks[i.chunk]
		if k.posts--; k.posts == 0 {
			k.b = nil
		}
	}
}

// decode appends the post of an item to m.
func (c *Collection) decode(i item, m *wire.Message) {
	if i.chunk == inWhole {
		m.Posts = append(m.Posts, *c.whole[i.place])
		return
	}
	b := c.chunks[i.chunk].b[i.place:]
	from := &c.sources[binary.LittleEndian.Uint16(b[4:])]
	from.decode(b[frameHeader:frameHeader+binary.LittleEndian.Uint32(b)], m)
	from.name(&m.Posts[len(m.Posts)-1])
}
