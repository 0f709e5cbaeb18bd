package evidence

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"winnow/storage/evidence/content"
)

// faulty is a disk on which calls begin to fail.
type faulty struct {
	file
	disk *disk
}

// disk counts what is done to its files.
type disk struct {
	// left is how many calls succeed; stuck makes all fail after, else only one does.
	left  int
	stuck bool
}

func (d *disk) next() error {
	d.left--
	if d.left == -1 || d.left < -1 && d.stuck {
		return syscall.ENOSPC
	}
	return nil
}

func (f faulty) Write(p []byte) (int, error) {
	if err := f.disk.next(); err != nil {
		n, _ := f.file.Write(p[:len(p)/2])
		return n, err
	}
	return f.file.Write(p)
}

func (f faulty) Sync() error {
	if err := f.disk.next(); err != nil {
		return err
	}
	return f.file.Sync()
}

func (f faulty) Truncate(size int64) error {
	if err := f.disk.next(); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

// Whichever call fails, once or for good, nothing is acknowledged that is not kept, and
// after a new start all can be kept, once.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	rec := func(n int) content.Record {
		return content.Record{Platform: "bluesky", PostID: fmt.Sprint(n), Source: "bluesky", ReceivedAt: time.Unix(int64(n), 0), Raw: []byte("post")}
	}
	for _, stuck := range []bool{false, true} {
		failed := 0
		for calls := range 40 {
			dir := Memory(t)
			d := &disk{left: calls, stuck: stuck}
			s, err := openWith(dir, Options{Segment: 2}, func(path string) (file, error) {
				f, err := openAppend(path)
				return faulty{f, d}, err
			})
			if err != nil {
				t.Fatal(err)
			}
			kept := 0
			for n := 1; n <= 5; n++ {
				err := s.Append(t.Context(), "c", content.Position{Incarnation: 1, Sequence: uint64(n)}, []content.Record{rec(n)})
				if err != nil {
					failed++
					if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "nothing of this message was kept") {
						t.Errorf("call %d: %v", calls, err)
					}
					break
				}
				kept++
			}
			// Without a new start it goes on if the disk does.
			if !stuck {
				for n := 1; n <= 5; n++ {
					if err := s.Append(t.Context(), "c", content.Position{Incarnation: 1, Sequence: uint64(n)}, []content.Record{rec(n)}); err != nil {
						t.Errorf("call %d: again: %v", calls, err)
					}
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s, err = Open(dir, Options{Segment: 2})
			if err != nil {
				t.Fatalf("call %d: %v", calls, err)
			}
			for n := kept + 1; n <= 5; n++ {
				if err := s.Append(t.Context(), "c", content.Position{Incarnation: 1, Sequence: uint64(n)}, []content.Record{rec(n)}); err != nil {
					t.Errorf("call %d: after a new start: %v", calls, err)
				}
			}
			var got []string
			if err := s.Each(t.Context(), "c", 1, func(e Entry) error {
				r, err := e.Record()
				got = append(got, r.PostID)
				return err
			}); err != nil {
				t.Error(err)
			}
			if strings.Join(got, " ") != "1 2 3 4 5" {
				t.Errorf("call %d, stuck %v: kept %v", calls, stuck, got)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			r, err := VerifyDir(t.Context(), dir, VerifyOptions{})
			if err != nil || !r.Sound() {
				t.Errorf("call %d: %v %v", calls, r.All(), err)
			}
		}
		if failed < 15 {
			t.Errorf("only %d calls failed", failed)
		}
	}
}
