package pipeline_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/pipeline/post"
)

// After something was taken out of the store, nothing is settled by what was kept in
// memory of it: neither by the detector nor by what was on its way to it.
func TestNothingIsKeptOfWhatWasErased(t *testing.T) {
	for name, erase := range map[string]func(*large) func(context.Context) error{
		"erased": func(l *large) func(context.Context) error {
			return func(context.Context) error { l.posts = l.posts[:10]; return nil }
		},
		"failed": func(*large) func(context.Context) error {
			return func(context.Context) error { return errors.New("the store is gone") }
		},
	} {
		all := tagged(copies())
		l := newLarge(t, all[:30])
		l.byPosts = 1
		l.pass(t)
		l.come(t, all[30:35]...)
		err := l.settle.StillAnew(t.Context(), erase(l))
		if (err != nil) != (name == "failed") {
			t.Error(err)
		}
		l.byPosts, l.upto = 1, l.upto+2 // as erasing marks what it touched
		if diff := cmp.Diff([]string{"posts", "findings", "changes"}, l.pass(t)); diff != "" {
			t.Errorf("%s: the campaign is not read whole (-want +got):\n%s", name, diff)
		}
	}
}

// Nothing is settled meanwhile.
func TestStill(t *testing.T) {
	l := newLarge(t, []post.Post{})
	l.byPosts = 1
	done := make(chan struct{})
	if err := l.settle.Still(t.Context(), func(ctx context.Context) error {
		go func() {
			defer close(done)
			if _, err := l.settle.Pass(ctx); err != nil {
				t.Error(err)
			}
		}()
		if len(l.calls) != 0 {
			t.Errorf("it was settled: %q", l.calls)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	<-done
}
