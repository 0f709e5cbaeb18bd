package scale

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/storage/embedded"
)

// memoryUse is proportional set size in bytes: a page that two processes share
// counts half for each.
type memoryUse struct {
	Engine, Rest, All int64
}

// memory watches how much this process and its engine take together. Asking for
// the proportional size costs the kernel a walk over all pages, so it is asked
// only when the resident size, which costs nothing, is the largest so far.
type memory struct {
	mu       sync.Mutex
	max      memoryUse
	resident int64
}

func watchMemory(t *testing.T, e *embedded.Engine) *memory {
	m := &memory{}
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				if m.more(resident(e.Pid()) + resident(os.Getpid())) {
					m.add(pss(e.Pid()), pss(os.Getpid()))
				}
			}
		}
	})
	t.Cleanup(func() { close(stop); done.Wait() })
	return m
}

// more reports whether so much is more by a thirtieth than ever in this phase.
func (m *memory) more(resident int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if resident <= m.resident+m.resident/32 {
		return false
	}
	m.resident = resident
	return true
}

func (m *memory) add(engine, rest int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.max.Engine, m.max.Rest = max(m.max.Engine, engine), max(m.max.Rest, rest)
	m.max.All = max(m.max.All, engine+rest)
}

func (m *memory) reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.max, m.resident = memoryUse{}, 0
}

func (m *memory) peak() memoryUse {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.max
}

// pss is 0 where the system does not tell.
func pss(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}

// resident is the size of a process without asking who shares it.
func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	n, _ := strconv.ParseInt(fields[1], 10, 64)
	return n * int64(os.Getpagesize())
}

// cpu is how many seconds of processor time a process has used; 0 where the
// system does not tell. The kernel counts in hundredths.
func cpu(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}
