package profile

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// pause is until when the service does not want to be asked.
type pause struct {
	mu    sync.Mutex
	until time.Time
}

func (p *pause) get() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until
}

func (p *pause) set(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = until
}

// ask looks up to 25 accounts up and remembers them. byHandle says that they are
// named by handle and that no connection needs to be kept for more.
func (c *Client) ask(ctx context.Context, actors []string, byHandle bool) (map[string]account, error) {
	if until := c.paused.get(); c.o.Now().Before(until) {
		c.metrics.asked(callPaused)
		return nil, &collectors.Fault{Cause: post.RateLimited, Until: until, Err: fmt.Errorf("look up profiles: asked to wait")}
	}
	if err := c.limit.Wait(ctx); err != nil {
		c.metrics.asked(callLate)
		return nil, fmt.Errorf("look up profiles: no time left: %w", err)
	}
	got, err := c.call(ctx, actors, byHandle)
	if err != nil {
		c.metrics.asked(callFailed)
		return nil, err
	}
	c.metrics.asked(callAnswered)
	now := c.o.Now()
	for did, a := range got {
		a.seen = now
		c.known.Add(did, a)
	}
	if !byHandle {
		for _, did := range actors {
			if _, ok := got[did]; ok {
				continue
			}
			a, _ := c.known.Peek(did) // what was known before stays
			a.seen, a.absent = now, true
			c.known.Add(did, a)
		}
	}
	return got, nil
}

func (c *Client) call(ctx context.Context, actors []string, once bool) (map[string]account, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	u := c.base.JoinPath("xrpc", "app.bsky.actor.getProfiles")
	u.RawQuery = url.Values{"actors": actors}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("look up profiles: %w", err)
	}
	req.Close = once
	req.Header.Set("Accept", "application/json")
	resp, err := c.o.HTTP.Do(req)
	if err != nil {
		return nil, faultOf(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		f := collectors.FromResponse(resp, c.o.Now())
		if f.Cause == post.RateLimited {
			until := f.Until
			if until.IsZero() {
				until = c.o.Now().Add(time.Minute)
			}
			c.paused.set(until)
		}
		return nil, f
	}
	raw, err := dial.ReadBody(resp, maxAnswer)
	if err != nil {
		return nil, faultOf(err)
	}
	got, err := decode(raw)
	if err != nil {
		return nil, &collectors.Fault{Cause: post.Protocol, Err: fmt.Errorf("look up profiles: %w", err)}
	}
	if once {
		return got, nil
	}
	asked := make(map[string]account, len(actors))
	for _, did := range actors {
		if a, ok := got[did]; ok {
			asked[did] = a
		}
	}
	return asked, nil
}

// faultOf keeps the address, which names the accounts, out of an error.
func faultOf(err error) error {
	if u, ok := asURLError(err); ok {
		err = u.Err
	}
	return collectors.FromError(fmt.Errorf("look up profiles: %w", err))
}

// decode reads an answer. A profile that cannot be read is left out, the others
// stay.
func decode(raw []byte) (map[string]account, error) {
	var answer struct {
		Profiles []jsontext.Value `json:"profiles"`
	}
	if err := wire.Unmarshal(raw, &answer, options); err != nil {
		return nil, err
	}
	out := make(map[string]account, len(answer.Profiles))
	for _, value := range answer.Profiles {
		var p view
		if wire.Unmarshal(value, &p, options) != nil || p.DID == "" || len(p.DID) > maxDID {
			continue
		}
		out[p.DID] = p.account()
	}
	return out, nil
}
