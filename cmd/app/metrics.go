package app

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	promcollectors "github.com/prometheus/client_golang/prometheus/collectors"

	"winnow/cmd/config"
	"winnow/storage/embedded"
)

// newRegistry returns a registry with what is told of this process.
func newRegistry(version string) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "winnow_build_info",
		Help:        "Always 1; the version is that of \"winnow version\".",
		ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	reg.MustRegister(promcollectors.NewGoCollector(), promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{}), build)
	return reg
}

// watchEngine tells of the embedded engine, which is a process of its own.
func watchEngine(reg prometheus.Registerer, e *embedded.Engine, memory config.Size) {
	limit := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "winnow_engine_memory_limit_bytes",
		Help: "The most memory that the embedded engine may use.",
	})
	limit.Set(float64(memory))
	reg.MustRegister(limit,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "winnow_engine_up", Help: "1 while the embedded engine's process runs.",
		}, func() float64 {
			if e.Pid() == 0 {
				return 0
			}
			return 1
		}),
		promcollectors.NewProcessCollector(promcollectors.ProcessCollectorOpts{
			Namespace: "winnow_engine",
			PidFn: func() (int, error) {
				if pid := e.Pid(); pid != 0 {
					return pid, nil
				}
				return 0, errors.New("the engine does not run")
			},
		}))
}
