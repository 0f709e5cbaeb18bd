package jetstream

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"winnow/collectors/bluesky/sieve"
	"winnow/pipeline/post"
)

// resolveTime is how long the first connection waits for the identifiers of
// protected accounts.
const resolveTime = 15 * time.Second

// readiness is what must be known before frames can be judged.
type readiness struct {
	mu       sync.Mutex
	recalled bool
	handles  map[string]string // of protected accounts, by identifier
	resolved bool
	sieve    *sieve.Sieve
}

// prepare recalls followed posts and finds out the identifiers of protected
// accounts, each once it works. What fails is told and tried again with the
// next connection: the stream is worth having without it. The error is the end
// of ctx.
func (s *Source) prepare(ctx context.Context) error {
	r := &s.ready
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.recalled && s.o.Recall != nil {
		err := s.o.Recall(ctx, func(p *post.Post) error {
			if p.Platform == post.Bluesky {
				s.set.Add(p)
			}
			return ctx.Err()
		})
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r.recalled = err == nil
		if err != nil {
			s.o.Log.Warn("stored posts could not be recalled: reposts and deletions of them are missed", "error", err)
		}
	}
	if handles := s.protectedHandles(); !r.resolved && len(handles) > 0 && s.o.Profiles != nil {
		found, err := s.resolve(ctx, handles)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if len(found) > len(r.handles) {
			r.handles, r.sieve = found, nil
		}
		r.resolved = err == nil
		if err != nil {
			s.o.Log.Warn("protected accounts could not be looked up: posts that name them are missed", "error", err)
		}
	}
	if r.sieve == nil {
		dids := make([]string, 0, len(r.handles))
		for did := range r.handles {
			dids = append(dids, did)
		}
		r.sieve = sieve.New(s.o.Campaigns, dids)
	}
	return nil
}

// resolve returns handles by identifier.
func (s *Source) resolve(ctx context.Context, handles []string) (map[string]string, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTime)
	defer cancel()
	dids, err := s.o.Profiles.Resolve(ctx, handles)
	out := make(map[string]string, len(dids))
	for handle, did := range dids {
		out[did] = handle
	}
	if err != nil {
		return out, fmt.Errorf("%d of %d protected accounts: %w", len(handles)-len(out), len(handles), err)
	}
	return out, nil
}

// protectedHandles returns the protected accounts that are named by handle.
func (s *Source) protectedHandles() []string {
	var out []string
	for i := range s.o.Campaigns {
		for _, a := range s.o.Campaigns[i].Protected {
			name := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(a.Account), "@"))
			if a.Platform != "" && a.Platform != post.Bluesky || strings.HasPrefix(name, "did:") || strings.ContainsAny(name, "@/: ") {
				continue
			}
			if strings.Contains(name, ".") { // all handles here are host names
				out = append(out, name)
			}
		}
	}
	return out
}

// intake returns what judges the frames of one connection.
func (s *Source) intake() *intake {
	s.ready.mu.Lock()
	defer s.ready.mu.Unlock()
	return &intake{
		sieve: s.ready.sieve, set: s.set, matcher: s.o.Matcher, recent: s.recent,
		handles: s.ready.handles, metrics: s.metrics, log: s.o.Log, now: s.o.Now,
	}
}
