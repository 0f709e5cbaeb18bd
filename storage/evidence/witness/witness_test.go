package witness_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
	"winnow/storage/evidence/witness"
)

// mailbox is a sender that remembers.
type mailbox struct {
	mu  sync.Mutex
	got []string
	err error
}

// refuse has it fail from now on, or take letters again.
func (m *mailbox) refuse(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
}

// letters are those that came.
func (m *mailbox) letters() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.got)
}

func (m *mailbox) Send(_ context.Context, h evidence.Head) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err == nil {
		m.got = append(m.got, h.Campaign+" "+h.String())
	}
	return m.err
}

func (m *mailbox) Wants(campaign string) bool { return campaign == "Open Games" }

func open(t *testing.T) *evidence.Store {
	t.Helper()
	s, err := evidence.Open(t.TempDir(), evidence.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func keep(t *testing.T, s *evidence.Store, n uint64) {
	t.Helper()
	err := s.Append(t.Context(), "Open Games", content.Position{Incarnation: 1, Sequence: n}, []content.Record{{PostID: "p", ReceivedAt: noon, Raw: []byte{byte(n)}}})
	if err != nil {
		t.Fatal(err)
	}
}

// A head is shown once, the next one when it is due and there is something new; one
// that could not be shown is tried again; and a new start does not forget what was shown.
func TestSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		anna, bert := &mailbox{}, &mailbox{err: errors.New("no route")}
		reg := prometheus.NewRegistry()
		begin := func(reg prometheus.Registerer) (stop func()) {
			w, err := witness.New(s, []witness.Witness{witness.ToPeople(bert, anna)}, witness.Options{Every: 24 * time.Hour, Now: time.Now, Log: slog.New(slog.DiscardHandler), Metrics: reg})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- w.Run(ctx) }()
			return func() {
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
		}
		after := func(d time.Duration, want int) {
			t.Helper()
			<-time.After(d)
			synctest.Wait()
			if len(anna.letters()) != want {
				t.Fatalf("%d messages, want %d", len(anna.letters()), want)
			}
		}
		stop := begin(reg)
		after(time.Hour, 0) // nothing to show yet
		keep(t, s, 1)
		if err := s.Append(t.Context(), "not for them", content.Position{Incarnation: 1, Sequence: 1}, []content.Record{{PostID: "p"}}); err != nil {
			t.Fatal(err)
		}
		after(11*time.Minute, 1)
		h, err := s.Head("Open Games")
		if err != nil {
			t.Fatal(err)
		}
		if anna.letters()[0] != "Open Games "+h.String() {
			t.Errorf("%s", anna.letters()[0])
		}
		after(72*time.Hour, 1) // nothing new
		keep(t, s, 2)
		after(11*time.Minute, 2)
		keep(t, s, 3)
		after(23*time.Hour, 2) // too soon
		anna.refuse(errors.New("full"))
		after(3*time.Hour, 2)
		anna.refuse(nil)
		after(11*time.Minute, 3)
		stop()
		if n, err := s.Notices("not for them"); len(n) != 0 || err != nil {
			t.Errorf("%v, %v", n, err)
		}
		if n := testutil.CollectAndCount(reg, "winnow_evidence_heads_shown_total", "winnow_evidence_heads_failed_total", "winnow_evidence_head_shown_timestamp_seconds"); n != 3 {
			t.Errorf("%d series", n)
		}
		keep(t, s, 4)
		stop = begin(nil)
		after(time.Hour, 3)
		after(24*time.Hour, 4)
		stop()
		if n, err := s.Notices("Open Games"); len(n) != 4 || err != nil || n[0].Means != "message" || n[0].Head != h.Head {
			t.Errorf("%v, %v", n, err)
		}
	})
}

// What an authority answered is kept, and is checked with the evidence.
func TestKept(t *testing.T) {
	s, a := open(t), authority(t, true)
	keep(t, s, 1)
	w, err := witness.New(s, []witness.Witness{believing(a)}, witness.Options{Every: time.Hour, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if n := w.Once(t.Context()); n != 1 {
		t.Fatalf("%d heads shown", n)
	}
	if n := w.Once(t.Context()); n != 0 {
		t.Errorf("%d heads shown again", n)
	}
	dir := s.Dir()
	r, err := evidence.VerifyDir(t.Context(), dir, evidence.VerifyOptions{Answer: witness.Answered})
	if err != nil || !r.Sound() || r.Campaigns[0].Confirmed != 1 || r.Campaigns[0].Notices != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	// A stamp of something else, written down as if it were one of this head.
	answer, err := believing(a).Show(t.Context(), head(7))
	if err != nil {
		t.Fatal(err)
	}
	h, err := s.Head("Open Games")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Witnessed("Open Games", h.Head, "timestamp", noon, answer); err != nil {
		t.Fatal(err)
	}
	if r, err = evidence.VerifyDir(t.Context(), dir, evidence.VerifyOptions{Answer: witness.Answered}); err != nil || len(r.All()) != 1 || !strings.Contains(r.All()[0].String(), "witness/2.tsr: check a time stamp: the stamp is for something else") {
		t.Errorf("%v, %v", r.All(), err)
	}
}

func TestNobody(t *testing.T) {
	if _, err := witness.ToPeople().Show(t.Context(), head(1)); !errors.Is(err, witness.ErrNobody) {
		t.Errorf("a head was shown to nobody: %v", err)
	}
	broken := errors.New("broken")
	if _, err := witness.ToPeople(&mailbox{err: broken}, &mailbox{err: broken}).Show(t.Context(), head(1)); !errors.Is(err, broken) || errors.Is(err, witness.ErrNobody) {
		t.Error(err)
	}
	for name, list := range map[string][]witness.Witness{
		"twice":    {witness.ToPeople(), witness.ToPeople()},
		"no means": {nameless{}},
	} {
		if _, err := witness.New(open(t), list, witness.Options{}); err == nil {
			t.Errorf("%s: is taken", name)
		}
	}
}

type nameless struct{ *witness.People }

func (nameless) Means() string { return "two words" }
