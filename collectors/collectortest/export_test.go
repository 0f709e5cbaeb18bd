package collectortest

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// record is a T that remembers what it was told.
type record struct {
	mu   sync.Mutex
	said []string
}

// stopped is what Fatalf of a record panics with.
type stopped struct{}

func (*record) Helper() {}

func (*record) Logf(string, ...any) {}

func (r *record) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.said = append(r.said, fmt.Sprintf(format, args...))
}

func (r *record) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	panic(stopped{})
}

// Findings plays one case with a subject, waiting no longer than soon for
// anything, and returns what it found.
func Findings(t *testing.T, name string, subject Subject, soon time.Duration) []string {
	t.Helper()
	for _, c := range cases() {
		if c.name != name {
			continue
		}
		r := &record{}
		func() {
			defer func() {
				if v := recover(); v != nil {
					if _, ok := v.(stopped); !ok {
						panic(v)
					}
				}
			}()
			c.play(r, t, subject, soon)
		}()
		return r.said
	}
	t.Fatalf("no case is called %q", name)
	return nil
}
