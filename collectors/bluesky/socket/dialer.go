package socket

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/coder/websocket"
	"github.com/go-json-experiment/json"
	"github.com/klauspost/compress/zstd"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// Wire is one of the two protocols of Jetstream.
type Wire string

// The wires.
const (
	Events Wire = "events" // network.bsky.jetstream.subscribeEvents
	Legacy Wire = "legacy" // /subscribe
)

const (
	eventsPath  = "/xrpc/network.bsky.jetstream.subscribeEvents"
	legacyPath  = "/subscribe"
	subprotocol = "xrpc.v1.json"

	handshakeTime = 20 * time.Second
)

// The refusals that the caller can do something about.
var (
	// ErrWire says that the host does not speak the wire.
	ErrWire = errors.New("the host does not speak this wire")
	// ErrTooOld says that the host does not reach back to a sequence number.
	ErrTooOld = errors.New("the host does not reach back that far")
)

// Dialer opens connections. It is safe for concurrent use.
type Dialer struct {
	http     *http.Client
	compress bool
	now      func() time.Time
	dicts    dictionaries
}

// NewDialer returns a dialer that uses a client, and asks for compression where
// that can be had. now is for when a host asks to wait until later.
func NewDialer(client *http.Client, compress bool, now func() time.Time) *Dialer {
	return &Dialer{http: client, compress: compress, now: now, dicts: dictionaries{by: make(map[string]dictionary)}}
}

// Request says what to open.
type Request struct {
	Host Host
	Wire Wire
	// Cursor is where to start: a sequence number of this host, or, from 1e15
	// on, microseconds; 0 for what comes from now on.
	Cursor int64
	// Collections are those whose commits come; with Accounts, so do events
	// about accounts, which the old wire always sends.
	Collections []string
	Accounts    bool
	// Alive is called, from the goroutine that reads, when bytes come, be they
	// the server's pings. It may be nil.
	Alive func()
}

// Open opens a connection. The error is ErrWire, ErrTooOld, the end of ctx or a
// *collectors.Fault.
func (d *Dialer) Open(ctx context.Context, r Request) (*Conn, error) {
	if r.Wire == Events && d.compress {
		dict, err := d.dicts.get(ctx, d, r.Host)
		if err == nil {
			c, err := d.open(ctx, r, &dict)
			if !errors.Is(err, errDictionary) {
				return c, err
			}
			// Retired since it was fetched: once more with the current one.
			d.dicts.drop(r.Host)
			if dict, err = d.dicts.get(ctx, d, r.Host); err == nil {
				if c, err = d.open(ctx, r, &dict); !errors.Is(err, errDictionary) {
					return c, err
				}
			}
		}
	}
	return d.open(ctx, r, nil)
}

var errDictionary = errors.New("the host does not know the dictionary any more")

func (d *Dialer) open(ctx context.Context, r Request, dict *dictionary) (*Conn, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	alive := r.Alive
	if alive == nil {
		alive = func() {}
	}
	o := &websocket.DialOptions{
		HTTPClient: d.http,
		// A client's own compression is never negotiated: dear on both sides.
		CompressionMode: websocket.CompressionDisabled,
		OnPingReceived: func(context.Context, []byte) bool {
			alive()
			return true
		},
		OnPongReceived: func(context.Context, []byte) { alive() },
	}
	var zr *zstd.Decoder
	if dict != nil {
		var err error
		if zr, err = dict.reader(); err != nil {
			return nil, &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("use the dictionary of %s: %w", r.Host.name, err)}
		}
	}
	address := r.address(dict)
	if r.Wire == Events {
		o.Subprotocols = []string{subprotocol}
	}
	shake, cancel := context.WithTimeout(ctx, handshakeTime)
	defer cancel()
	ws, resp, err := websocket.Dial(shake, address, o) //nolint:bodyclose // the library says that nobody has to
	if err != nil {
		if zr != nil {
			zr.Close()
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, d.refusal(r, resp, err)
	}
	ws.SetReadLimit(-1) // bounded in Next, which can step over what is too long
	return &Conn{ws: ws, zr: zr, alive: alive, host: r.Host.name, asked: pathOf(address)}, nil
}

func (r *Request) address(dict *dictionary) string {
	q := url.Values{"maxMessageSizeBytes": {strconv.Itoa(MaxFrame)}}
	if r.Cursor > 0 {
		q.Set("cursor", strconv.FormatInt(r.Cursor, 10))
	}
	if r.Wire == Legacy {
		q["wantedCollections"] = r.Collections
		return r.Host.url("ws", legacyPath, q)
	}
	q["collections"] = r.Collections
	q["kinds"] = []string{"commit"}
	if r.Accounts {
		q.Add("kinds", "account")
	}
	if dict != nil {
		q.Set("zstdDictionary", strconv.FormatUint(uint64(dict.id), 10))
	}
	return r.Host.url("ws", eventsPath, q)
}

// pathOf is an address without its host.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// refusal says what a handshake that failed means. resp is nil if there was no
// answer at all.
func (d *Dialer) refusal(r Request, resp *http.Response, err error) error {
	open := func(err error) error { return fmt.Errorf("open %s at %s: %w", r.Wire, r.Host.name, err) }
	if resp == nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err // the address is long and tells nothing
		}
		return collectors.FromError(open(err))
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return &collectors.Fault{Cause: post.Protocol, Err: open(err)}
	}
	name := errorName(resp)
	switch {
	case name == "CursorTooOld":
		return open(ErrTooOld)
	case name == "UnknownZstdDictionary":
		return open(errDictionary)
	case r.Wire == Events && (slices.Contains(strangers[:], resp.StatusCode) || resp.StatusCode == http.StatusBadRequest && name == ""):
		return open(ErrWire)
	}
	f := collectors.FromResponse(resp, d.now())
	if f.Cause == post.Misconfigured {
		// Nothing in the request is the operator's but the host.
		f.Advice = "check that this is a Jetstream host, or leave hosts out for the public ones"
	}
	f.Err = open(fmt.Errorf("%w %s", f.Err, name))
	return f
}

// strangers are the answers of a server that does not know the new wire.
var strangers = [...]int{
	http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone,
	http.StatusUpgradeRequired, http.StatusNotImplemented,
}

// errorName returns the name of an error in the form of XRPC, "" if it has none.
func errorName(resp *http.Response) string {
	var body struct {
		Error string `json:"error"`
	}
	if resp.Body == nil || json.UnmarshalRead(resp.Body, &body) != nil || len(body.Error) > 64 {
		return ""
	}
	return body.Error
}
