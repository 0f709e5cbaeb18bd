package coordination

import (
	"encoding/binary"
	"slices"
)

// nameStore keeps strings, one behind the other in blocks, each behind its length. A
// string by itself would take a header, an allocation and a look of the garbage
// collector at each round; there are millions.
type nameStore struct {
	blocks     [][]byte // nil if free
	used       []uint32 // names of each block
	free       []uint32
	open       int // number + 1 of the block that is filled, 0 if there is none
	live, dead int // bytes of names in use, and of those dropped whose block is not free
	forked     bool
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
	if n.open == 0 || len(n.blocks[n.open-1])+size > cap(n.blocks[n.open-1]) {
		n.openBlock(size)
	}
	block := n.open - 1
	b := n.blocks[block]
	from := len(b)
	b = binary.AppendUvarint(b, uint64(length))
	head := len(b)
	n.blocks[block] = b[:from+size]
	n.used[block]++
	n.live += size
	return name(block<<placeBits | from/nameUnit), b[head : head+length]
}

// openBlock opens a block in which so many bytes find room. It is as large as
// there is use for it: a fork adds little.
func (n *nameStore) openBlock(size int) {
	if !n.forked {
		size = max(size, min(nameBlock, n.live/8))
	}
	block := make([]byte, 0, max(size, leastBlock))
	if last := len(n.free) - 1; last >= 0 {
		n.open = int(n.free[last]) + 1
		n.free = n.free[:last]
		n.blocks[n.open-1] = block
		return
	}
	n.blocks, n.used = append(n.blocks, block), append(n.used, 0)
	n.open = len(n.blocks)
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

// drop says that a name is not used any more. A block goes with its last name.
func (n *nameStore) drop(at name) {
	size := aligned(len(n.bytes(at)))
	n.live -= size
	n.dead += size
	block := uint32(at >> placeBits)
	if n.used[block]--; n.used[block] == 0 && int(block) != n.open-1 {
		n.dead -= len(n.blocks[block])
		n.blocks[block] = nil
		n.free = append(n.free, block)
	}
}

// wasteful reports whether so much was dropped that the rest should be moved into
// new blocks. A fork does not live long enough for that.
func (n *nameStore) wasteful() bool { return !n.forked && n.dead > n.live/2+nameBlock }

// fork returns a store that opens blocks of its own.
func (n *nameStore) fork() nameStore {
	return nameStore{
		blocks: slices.Clone(n.blocks), used: slices.Clone(n.used), free: slices.Clone(n.free),
		live: n.live, dead: n.dead, forked: true,
	}
}
