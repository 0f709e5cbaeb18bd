package storage

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestMemoryIsBoundedAndForgetsTheOldest(t *testing.T) {
	size := prometheus.NewGauge(prometheus.GaugeOpts{Name: "size"})
	m := newMemory[int, int](10, size)
	for i := range 100 {
		m.set(i, i)
		if v, ok := m.get(0); i < 5 && (!ok || v != 0) {
			t.Fatalf("forgot what was asked for all the time, after %d", i)
		}
		if n := testutil.ToFloat64(size); n > 10 {
			t.Fatalf("remembers %v, want 10 at most", n)
		}
	}
	if v, ok := m.get(99); !ok || v != 99 {
		t.Errorf("the last is %d, %v", v, ok)
	}
	if _, ok := m.get(50); ok {
		t.Error("remembers what came long before")
	}
}
