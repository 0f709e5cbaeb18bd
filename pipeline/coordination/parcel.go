package coordination

import (
	"encoding/binary"

	"winnow/pipeline/post"
)

// parcel is a record in few bytes, without memory of the post: posts wait by the
// hundred thousand. It begins with the key of the post.
type parcel string

// facts are what is so or is not of a record.
type facts uint8

const (
	doesReply facts = 1 << iota
	isCopyable
	doesAnswer
	doesPass
	doesSpeak // it has a speech
	tellsAge
	isOfYoung
)

func (f *facts) set(which facts, so bool) {
	if so {
		*f |= which
	}
}

// key returns the key of the post.
func (p parcel) key() string {
	r := unpacker{string(p)}
	return r.string()
}

// open makes r the record in a parcel, whose post has the given time. It is good
// until r is used again.
func (p parcel) open(r *record, at int64) {
	u := unpacker{string(p)}
	*r = record{at: at, key: u.string(), acts: r.acts[:0], sketch: r.sketch, speech: r.speech}
	f := facts(u.byte())
	r.replies, r.copies, r.answers = f&doesReply != 0, f&isCopyable != 0, f&doesAnswer != 0
	r.passes, r.ageKnown, r.young = f&doesPass != 0, f&tellsAge != 0, f&isOfYoung != 0
	r.signs, r.words = u.byte(), int(u.byte())
	r.account, r.declared, r.label, r.amplified = u.string(), u.string(), u.string(), u.string()
	for range u.number() {
		protected := u.byte() == 1
		object := u.string()
		r.acts = append(r.acts, act{object: object, kind: objectKind(object[0]), protected: protected})
	}
	if r.copies {
		u.s = r.sketch.Read(u.s)
	}
	if f&doesSpeak != 0 {
		u.speech(&r.speech)
	}
}

// packer writes a parcel.
type packer struct{ b []byte }

func (w *packer) byte(b ...uint8) { w.b = append(w.b, b...) }
func (w *packer) number(n int)    { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *packer) hash(h uint32)   { w.b = binary.LittleEndian.AppendUint32(w.b, h) }
func (w *packer) bytes(b []byte)  { w.number(len(b)); w.b = append(w.b, b...) }
func (w *packer) string(s string) { w.number(len(s)); w.b = append(w.b, s...) }

// account and object write keys.
func (w *packer) account(platform post.Platform, id string) {
	w.number(keyLen(platform, id))
	w.b = appendKey(w.b, platform, id)
}

func (w *packer) object(k objectKind, id string) {
	w.number(1 + len(id))
	w.b = appendObject(w.b, k, id)
}

// speech writes the words and what cannot be told from them.
func (w *packer) speech(s *speech) {
	w.hash(s.all)
	w.number(len(s.words))
	for _, h := range s.words {
		w.hash(h)
	}
}

// unpacker reads a parcel. Its strings are part of that.
type unpacker struct{ s string }

func (u *unpacker) byte() uint8 {
	b := u.s[0]
	u.s = u.s[1:]
	return b
}

func (u *unpacker) number() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := u.byte()
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (u *unpacker) hash() uint32 {
	s := u.s[:4]
	u.s = u.s[4:]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

func (u *unpacker) string() string {
	n := u.number()
	s := u.s[:n]
	u.s = u.s[n:]
	return s
}

func (u *unpacker) speech(s *speech) {
	s.words, s.pairs = s.words[:0], s.pairs[:0]
	s.all = u.hash()
	for range u.number() {
		s.add(u.hash())
	}
}
