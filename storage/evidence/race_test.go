package evidence_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
)

// While records are appended others may read, erase, check and show heads: nobody sees
// half of anything.
func TestSideBySide(t *testing.T) {
	t.Parallel()
	dir := evidence.Memory(t)
	s := open(t, dir)
	keep(t, s, 1, records(1, 3))
	const messages = 60
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		defer close(done)
		for n := uint64(2); n <= messages; n++ {
			if err := s.Append(t.Context(), games, at(n), records(int(3*n-2), int(3*n))); err != nil {
				t.Error(err)
			}
		}
	})
	until := func(f func() error) {
		all.Go(func() {
			for {
				if err := f(); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	until(func() error {
		last := uint64(0)
		err := s.Each(t.Context(), games, 1, func(e evidence.Entry) error {
			if e.Number != last+1 {
				return fmt.Errorf("record %d comes after %d", e.Number, last)
			}
			last = e.Number
			return nil
		})
		if err == nil && last%3 != 0 {
			err = fmt.Errorf("a part of a message was read: it ends with record %d", last)
		}
		return err
	})
	until(func() error {
		_, err := s.Erase(t.Context(), func(_ string, r content.Record) bool { return strings.HasSuffix(r.NativeID, "7") })
		return err
	})
	until(func() error {
		h, err := s.Head(games)
		if err != nil {
			return err
		}
		if err := s.Witnessed(games, h.Head, "mail", start, []byte("an answer")); err != nil {
			return err
		}
		heads, err := evidence.Heads(dir)
		if err == nil && heads[0].Records < h.Records {
			err = errors.New("a head of before is read")
		}
		return err
	})
	until(func() error {
		r, err := evidence.VerifyDir(t.Context(), dir, evidence.VerifyOptions{Live: true})
		for _, f := range r.All() {
			err = errors.Join(err, errors.New(f.String()))
		}
		return err
	})
	all.Wait()
	c := sound(t, dir, evidence.VerifyOptions{})
	if c.Records != 3*messages {
		t.Errorf("%+v", c)
	}
}
