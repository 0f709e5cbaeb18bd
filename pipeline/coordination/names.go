package coordination

import (
	"encoding/binary"
	"slices"
)

// nameStore keeps strings, one behind the other in blocks, each behind its length. A
// string by itself would take a header, an allocation and a look of the garbage
// collector at each round; there are millions.
type nameStore struct {
	blocks     [][]byte
	live, dead int // bytes of names in use, and of those dropped
	// sealed is, in a fork, how many blocks belong to the origin.
	sealed int
	forked bool
}

// name is where a string begins: the number of its block and, in nameUnits, the
// place in that. 16 GB can be told apart.
type name uint32

const (
	nameUnit   = 4
	placeBits  = 14
	nameBlock  = nameUnit << placeBits // bytes of a block, unless one name is longer
	leastBlock = 1 << 10
)

// add keeps s.
func (n *nameStore) add(s string) name {
	at, room := n.room(len(s))
	copy(room, s)
	return at
}

// take keeps a name of another store.
func (n *nameStore) take(of *nameStore, at name) name {
	s := of.bytes(at)
	to, room := n.room(len(s))
	copy(room, s)
	return to
}

// room makes room for a name of so many bytes.
func (n *nameStore) room(length int) (at name, room []byte) {
	size := aligned(length)
	last := len(n.blocks) - 1
	if last < n.sealed || len(n.blocks[last])+size > cap(n.blocks[last]) {
		// Blocks are as large as there is use for them: a fork adds little.
		most := leastBlock
		if !n.forked {
			most = min(nameBlock, max(leastBlock, (n.live+n.dead)/8))
		}
		n.blocks = append(n.blocks, make([]byte, 0, max(size, most)))
		last++
	}
	b := n.blocks[last]
	from := len(b)
	b = binary.AppendUvarint(b, uint64(length))
	head := len(b)
	n.blocks[last] = b[:from+size]
	n.live += size
	return name(last<<placeBits | from/nameUnit), b[head : head+length]
}

// aligned is how much a name of so many bytes takes.
func aligned(n int) int {
	size := n + 1
	for rest := n >> 7; rest > 0; rest >>= 7 {
		size++
	}
	return (size + nameUnit - 1) &^ (nameUnit - 1)
}

// bytes returns a name, which must not be changed.
func (n *nameStore) bytes(at name) []byte {
	b := n.blocks[at>>placeBits][at%(1<<placeBits)*nameUnit:]
	if size := b[0]; size < 1<<7 {
		return b[1 : 1+size]
	}
	size, head := binary.Uvarint(b)
	return b[head : head+int(size)]
}

// get returns a copy of a name.
func (n *nameStore) get(at name) string { return string(n.bytes(at)) }

// drop says that a name is not used any more.
func (n *nameStore) drop(at name) {
	size := aligned(len(n.bytes(at)))
	n.live -= size
	n.dead += size
}

// wasteful reports whether so much was dropped that the rest should be moved into
// new blocks. A fork does not live long enough for that.
func (n *nameStore) wasteful() bool { return !n.forked && n.dead > n.live/2+nameBlock }

func (n *nameStore) fork() nameStore {
	f := *n
	f.blocks, f.sealed, f.forked = slices.Clip(n.blocks), len(n.blocks), true
	return f
}
