package deploy

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.yaml.in/yaml/v3"
)

const prometheusFile = "dashboards/prometheus/prometheus.yml"

func TestPrometheusScrapesTheStack(t *testing.T) {
	var file struct {
		ScrapeConfigs []struct {
			JobName       string                       `yaml:"job_name"`
			StaticConfigs []struct{ Targets []string } `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal([]byte(read(t, root, prometheusFile)), &file); err != nil {
		t.Fatalf("%s: %v", prometheusFile, err)
	}
	services := stack(t, nil).Services
	for _, job := range file.ScrapeConfigs {
		for _, group := range job.StaticConfigs {
			for _, target := range group.Targets {
				host, _, err := net.SplitHostPort(target)
				if err != nil {
					t.Errorf("job %s: target %q: %v", job.JobName, target, err)
				}
				if _, ok := services[host]; !ok && host != "127.0.0.1" {
					t.Errorf("job %s: no service is called %q", job.JobName, host)
				}
			}
		}
	}
}

func TestPrometheusFileIsValid(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		const hint = "promtool is missing: apt-get install prometheus"
		if os.Getenv("CI") == "true" {
			t.Fatal(hint)
		}
		t.Skip(hint)
	}
	if out, err := run(t, nil, promtool, "check", "config", filepath.Join(root, prometheusFile)); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}
