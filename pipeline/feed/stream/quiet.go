package stream

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Answered waits until the server has answered for all that was published.
func (s *Store) Answered(ctx context.Context) error {
	select {
	case <-s.JS.PublishAsyncComplete():
		return nil
	case <-s.Broken():
		return s.Breakage()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Sources are the names of all sources that ever published and are known still.
func (s *Store) Sources(ctx context.Context) ([]string, error) {
	var out []string
	for prefix, of := range map[string]jetstream.Stream{postsSubject: s.Posts, cursorSubject: s.state} {
		info, err := of.Info(ctx, jetstream.WithSubjectFilter(prefix+">"))
		if err != nil {
			return nil, fmt.Errorf("list the sources of the log: %w", err)
		}
		for subject := range info.State.Subjects {
			source, err := url.PathUnescape(strings.TrimPrefix(subject, prefix))
			if err != nil {
				return nil, fmt.Errorf("list the sources of the log: %w", err)
			}
			out = append(out, source)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// LastPosition is that of the newest message that is there; zero if none is.
func (s *Store) LastPosition(ctx context.Context) (Position, error) {
	info, err := s.Posts.Info(ctx)
	if err != nil {
		return Position{}, fmt.Errorf("look at the end of the log: %w", err)
	}
	if info.State.Msgs == 0 {
		return Position{}, nil
	}
	last, err := s.Get(ctx, info.State.LastSeq)
	if err != nil {
		return Position{}, fmt.Errorf("read the last message of the log: %w", err)
	}
	if last.At.Seq == 0 { // its bytes went bad: its number is enough
		return Position{Incarnation: s.Incarnation, Seq: info.State.LastSeq}, nil
	}
	return last.At, nil
}

// purged is the folder in which the server puts files aside that it then removes.
const purged = "__msgs__"

// Scrubbed waits until the embedded server has removed the files of what was removed.
func (s *Store) Scrubbed(ctx context.Context) error {
	if !s.Embedded() {
		return nil
	}
	const often = 20 * time.Millisecond
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		_, err := os.Stat(filepath.Join(s.o.Dir, "jetstream", "$G", "streams", PostsStream, purged))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("scrub the log: %w", err)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-tick.C:
		}
	}
}
