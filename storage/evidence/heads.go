package evidence

import (
	"fmt"
	"io/fs"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// Heads reads the heads of all chains in a folder as [VerifyDir] takes it, without
// checking more than it needs for that. A store that is being written to may be asked.
func Heads(dir string) ([]Head, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the heads of evidence: %w", err)
	}
	defer func() { _ = root.Close() }() // it was only read
	codec, err := content.NewCodec()
	if err != nil {
		return nil, fmt.Errorf("read the heads of evidence: %w", err)
	}
	names, err := folders(root.FS())
	if err != nil {
		return nil, fmt.Errorf("read the heads of evidence: %w", err)
	}
	var heads []Head
	for _, name := range names {
		sub, err := fs.Sub(root.FS(), name)
		if err != nil {
			return nil, fmt.Errorf("read the heads of evidence: %w", err)
		}
		h, err := folder{FS: sub, codec: codec}.head()
		if err != nil {
			return nil, fmt.Errorf("read the head of the evidence in %s: %w; winnow evidence verify says more", name, err)
		}
		heads = append(heads, h)
	}
	return heads, nil
}

func (f folder) head() (Head, error) {
	who, err := f.identity()
	if err != nil {
		return Head{}, err
	}
	text, err := f.text(headsFile)
	if err != nil {
		return Head{}, err
	}
	heads, faults := chain.ReadHeads(who.chain, text)
	if len(faults) > 0 {
		return Head{}, fmt.Errorf("%s: %s", headsFile, faults[0])
	}
	h := Head{Head: chain.Head{Hash: who.chain}, Campaign: who.Campaign, Chain: who.chain, Segment: 1}
	if n := len(heads.Closed); n > 0 {
		c := heads.Closed[n-1]
		h.Head, h.Segment = chain.Head{Records: c.Last, Hash: c.Head}, n+1
	}
	// The last line of the open segment, or of the one before.
	for _, k := range []int{h.Segment, h.Segment - 1} {
		if k < 1 {
			break
		}
		s, faults, ok, err := f.segment(k)
		if err != nil {
			return Head{}, err
		}
		if len(faults) > 0 && faults[0].What != chain.CutOff {
			return Head{}, fmt.Errorf("%s: %s", chainFile(k), faults[0])
		}
		if !ok || len(s.Lines) == 0 {
			continue
		}
		h.At = s.Lines[len(s.Lines)-1].Received
		if k == h.Segment {
			h.Head = chain.Head{Records: s.Last(), Hash: chain.Close(h.Hash, k, s.Last(), s.Link()).Head}
		}
		break
	}
	return h, nil
}
