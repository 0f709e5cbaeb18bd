package deploy

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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
	// It names its rules relative to itself: in the container, what is mounted
	// beside it.
	if out, err := run(t, nil, promtool(t), "check", "config", filepath.Join(root, prometheusFile)); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
	var file struct {
		RuleFiles []string `yaml:"rule_files"`
	}
	if err := yaml.Unmarshal([]byte(read(t, root, prometheusFile)), &file); err != nil {
		t.Fatal(err)
	}
	mounted := map[string]string{}
	for _, v := range stack(t, nil).Services["prometheus"].Volumes {
		mounted[v.Target] = filepath.Base(v.Source)
	}
	if !slices.Contains(file.RuleFiles, filepath.Base(rulesFile)) {
		t.Errorf("rule_files %v lacks the rules", file.RuleFiles)
	}
	for _, name := range file.RuleFiles {
		if mounted["/etc/prometheus/"+name] != name {
			t.Errorf("%s is not mounted beside prometheus.yml: %v", name, mounted)
		}
	}
}

// promtool finds the program; without it the test is skipped, with CI=true it fails.
func promtool(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("promtool")
	if err != nil {
		const hint = "promtool is missing: apt-get install prometheus"
		if os.Getenv("CI") == "true" {
			t.Fatal(hint)
		}
		t.Skip(hint)
	}
	return path
}
