package socket

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/klauspost/compress/zstd"

	"winnow/collectors"
	"winnow/collectors/dial"
)

const (
	dictionaryPath = "/xrpc/network.bsky.jetstream.getZstdDictionary"
	// maxDictionary is sixteen times what there is now.
	maxDictionary = 1 << 20
	// maxWindow is how far back a frame may refer, which is memory.
	maxWindow = 8 << 20
)

// dictionary is what a host compresses with.
type dictionary struct {
	id  uint32
	raw []byte
}

// dictionaries keeps those of hosts, by name.
type dictionaries struct {
	mu sync.Mutex
	by map[string]dictionary
}

func (ds *dictionaries) get(ctx context.Context, d *Dialer, h Host) (dictionary, error) {
	ds.mu.Lock()
	dict, ok := ds.by[h.name]
	ds.mu.Unlock()
	if ok {
		return dict, nil
	}
	dict, err := d.fetch(ctx, h)
	if err != nil {
		return dictionary{}, err
	}
	ds.mu.Lock()
	defer ds.mu.Unlock()
	ds.by[h.name] = dict
	return dict, nil
}

func (ds *dictionaries) drop(h Host) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	delete(ds.by, h.name)
}

// Dictionary fetches the current dictionary of a host and returns its number
// and size in bytes.
func (d *Dialer) Dictionary(ctx context.Context, h Host) (id uint32, size int, err error) {
	dict, err := d.fetch(ctx, h)
	return dict.id, len(dict.raw), err
}

func (d *Dialer) fetch(ctx context.Context, h Host) (dictionary, error) {
	ctx, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url("http", dictionaryPath, nil), nil)
	if err != nil {
		return dictionary{}, fmt.Errorf("fetch the dictionary of %s: %w", h.name, err)
	}
	req.Close = true // nothing else is asked of this host
	resp, err := d.http.Do(req)
	if err != nil {
		return dictionary{}, collectors.FromError(fmt.Errorf("fetch the dictionary of %s: %w", h.name, err))
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return dictionary{}, collectors.FromResponse(resp, d.now())
	}
	raw, err := dial.ReadBody(resp, maxDictionary)
	if err != nil {
		return dictionary{}, collectors.FromError(fmt.Errorf("fetch the dictionary of %s: %w", h.name, err))
	}
	known, err := zstd.InspectDictionary(raw)
	if err != nil {
		return dictionary{}, fmt.Errorf("read the dictionary of %s: %w", h.name, err)
	}
	return dictionary{known.ID(), raw}, nil
}

// reader returns a decoder for one connection.
func (d *dictionary) reader() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderDicts(d.raw), zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(MaxFrame), zstd.WithDecoderMaxWindow(maxWindow))
}
