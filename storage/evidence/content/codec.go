package content

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// skippable is the magic number of the frames that labels are in, one of the sixteen
// that RFC 8878 leaves to whoever wants them.
const skippable = 0x184D2A5E

const (
	// maxLabel bounds a label: seven words, of which five are numbers of 20 digits and
	// one is a hash, need 180 bytes.
	maxLabel = 200
	// MaxBlock bounds a block, compressed and not, in bytes. A message of the log is a
	// hundred times smaller.
	MaxBlock = 1 << 28
)

// ErrDamaged is that of a file which does not hold what was written to it.
var ErrDamaged = errors.New("damaged")

// Codec writes and reads blocks. It may be used from several goroutines.
type Codec struct {
	pack   *zstd.Encoder
	unpack *zstd.Decoder
}

// NewCodec makes a codec.
func NewCodec() (*Codec, error) {
	pack, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, err
	}
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxBlock))
	if err != nil {
		return nil, err
	}
	return &Codec{pack: pack, unpack: unpack}, nil
}

// Append writes a block behind to.
func (c *Codec) Append(to []byte, b Block) ([]byte, error) {
	if size := b.size(); size > MaxBlock {
		return nil, fmt.Errorf("records of %d bytes at once are more than a block can hold", size)
	}
	frame := c.pack.EncodeAll(b.text(), nil)
	l := label{position: b.Position, first: b.First(), count: uint64(len(b.Items)), length: uint64(len(frame))}
	l.hash = l.of(frame)
	line := l.String()
	to = binary.LittleEndian.AppendUint32(to, skippable)
	to = binary.LittleEndian.AppendUint32(to, uint32(len(line))) //nolint:gosec // at most maxLabel
	to = append(to, line...)
	return append(to, frame...), nil
}

// Reader reads blocks one after another.
type Reader struct {
	codec *Codec
	from  io.Reader
	bytes int64
}

// Reader reads the blocks of a file of content.
func (c *Codec) Reader(from io.Reader) *Reader { return &Reader{codec: c, from: from} }

// Bytes is what the blocks that were read whole take.
func (r *Reader) Bytes() int64 { return r.bytes }

// Next returns the next block, io.EOF behind the last, and an error with [ErrDamaged] for
// what is no block, be it cut off or changed. After an error there is nothing more to read.
func (r *Reader) Next() (Block, error) {
	var head [8]byte
	n, err := io.ReadFull(r.from, head[:])
	if n == 0 && err == io.EOF {
		return Block{}, io.EOF
	}
	if err != nil {
		return Block{}, r.cut(err)
	}
	size := binary.LittleEndian.Uint32(head[4:])
	if binary.LittleEndian.Uint32(head[:]) != skippable || size > maxLabel {
		return Block{}, r.damaged("no block begins there")
	}
	line := make([]byte, size)
	if _, err := io.ReadFull(r.from, line); err != nil {
		return Block{}, r.cut(err)
	}
	l, err := parseLabel(string(line))
	if err != nil || l.length > MaxBlock {
		return Block{}, r.damaged("the label of the block is none")
	}
	// Not made at once in the size that is claimed.
	var frame bytes.Buffer
	if _, err := io.CopyN(&frame, r.from, int64(l.length)); err != nil { //nolint:gosec // at most MaxBlock
		return Block{}, r.cut(err)
	}
	if l.of(frame.Bytes()) != l.hash {
		return Block{}, r.damaged("the block is not what was written")
	}
	b, err := r.codec.open(l, frame.Bytes())
	if err != nil {
		return Block{}, r.damaged(err.Error())
	}
	r.bytes += int64(len(head)+len(line)) + int64(frame.Len())
	return b, nil
}

func (r *Reader) damaged(what string) error {
	return fmt.Errorf("%w at byte %d: %s", ErrDamaged, r.bytes, what)
}

// cut is the error of a file that ends, or cannot be read, within a block.
func (r *Reader) cut(err error) error {
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		return r.damaged("the block is cut off")
	}
	return err
}

// open reads the frame of a block, whose hash is right: what is wrong with it was written so.
func (c *Codec) open(l label, frame []byte) (Block, error) {
	text, err := c.unpack.DecodeAll(frame, nil)
	if err != nil {
		return Block{}, fmt.Errorf("decompress: %w", err)
	}
	b := Block{Position: l.position}
	for len(text) > 0 {
		line, after, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return Block{}, errItem
		}
		i, err := parseItem(line)
		if err != nil {
			return Block{}, err
		}
		if want := l.first + uint64(len(b.Items)); i.Number != want {
			return Block{}, fmt.Errorf("record %d stands where %d should", i.Number, want)
		}
		b.Items, text = append(b.Items, i), after
	}
	if uint64(len(b.Items)) != l.count || l.count == 0 || l.first == 0 {
		return Block{}, fmt.Errorf("it holds %d records, and its label says %d", len(b.Items), l.count)
	}
	return b, nil
}
