package evidence

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what is kept.
type metrics struct {
	records, known, bytes, erased prometheus.Counter
	lastRecord                    prometheus.Gauge
}

// newMetrics builds the metrics and registers them unless reg is nil.
func newMetrics(reg prometheus.Registerer) (*metrics, error) {
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: "winnow_evidence_" + name, Help: help})
	}
	m := &metrics{
		records: counter("records_total", "Records that were kept as evidence."),
		known:   counter("known_records_total", "Posts that were not kept as evidence again, since the same bytes of the same source are."),
		bytes:   counter("bytes_total", "Bytes written for evidence, chain and compressed content."),
		erased:  counter("erased_records_total", "Records of evidence whose content and salt were erased."),
		lastRecord: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "winnow_evidence_last_record_timestamp_seconds", Help: "When the newest record of evidence was received, in Unix time; 0 for none.",
		}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.records, m.known, m.bytes, m.erased, m.lastRecord} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *metrics) last(at time.Time) {
	if !at.IsZero() {
		m.lastRecord.Set(float64(at.UnixMilli()) / 1000)
	}
}
