package deploy

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

const prometheusFile = "dashboards/prometheus/prometheus.yml"

func TestPrometheusScrapesTheStack(t *testing.T) {
	type group struct{ Targets []string }
	var file struct {
		ScrapeConfigs []struct {
			JobName       string  `yaml:"job_name"`
			StaticConfigs []group `yaml:"static_configs"`
			Authorization struct {
				CredentialsFile string `yaml:"credentials_file"`
			}
			FileConfigs []struct {
				Files []string
			} `yaml:"file_sd_configs"`
		} `yaml:"scrape_configs"`
	}
	if err := yaml.Unmarshal([]byte(read(t, root, prometheusFile)), &file); err != nil {
		t.Fatalf("%s: %v", prometheusFile, err)
	}
	for shape, env := range shapes(t) {
		services := stack(t, env).Services
		mounted := map[string]string{}
		for _, v := range services["prometheus"].Volumes {
			mounted[v.Target] = v.Source
		}
		asked := map[string]bool{}
		for _, job := range file.ScrapeConfigs {
			given := job.Authorization.CredentialsFile
			if (job.JobName == "winnow") != (given != "") {
				t.Errorf("job %s: credentials %q; the desk wants its token, and nobody else should get it", job.JobName, given)
			}
			if given != "" && (!hasSecret(services["prometheus"], given) || !strings.Contains(read(t, "winnow.yaml"), "metrics_token_file: "+given+"\n")) {
				t.Errorf("job %s: %s is no secret of prometheus, or not what the desk wants", job.JobName, given)
			}
			groups := job.StaticConfigs
			for _, f := range job.FileConfigs {
				var more []group
				source := mounted["/etc/prometheus/"+f.Files[0]]
				if err := yaml.Unmarshal([]byte(read(t, source)), &more); err != nil {
					t.Fatalf("%s: %v", source, err)
				}
				groups = append(groups, more...)
			}
			for _, group := range groups {
				for _, target := range group.Targets {
					host, _, err := net.SplitHostPort(target)
					if err != nil {
						t.Errorf("job %s: target %q: %v", job.JobName, target, err)
					}
					if _, ok := services[host]; !ok && host != "127.0.0.1" {
						t.Errorf("%s, job %s: no service is called %q", shape, job.JobName, host)
					}
					asked[host] = true
				}
			}
		}
		for name := range services {
			if (name == "winnow" || strings.HasPrefix(name, "clickhouse")) && !asked[name] {
				t.Errorf("%s: nobody asks %s", shape, name)
			}
		}
	}
}

func TestPrometheusFileIsValid(t *testing.T) {
	// It names its rules relative to itself: in the container, what is mounted
	// beside it.
	tool, secrets := promtool(t), makeSecrets(t)
	for _, shape := range []string{"alone", "cluster"} {
		dir := t.TempDir()
		for name, text := range map[string]string{
			"prometheus.yml":   strings.ReplaceAll(read(t, root, prometheusFile), "/run/secrets/", secrets+"/"),
			"winnow.rules.yml": read(t, root, rulesFile),
			"targets.yml":      read(t, shape, "targets.yml"),
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := run(t, nil, tool, "check", "config", filepath.Join(dir, "prometheus.yml"))
		if err != nil || strings.Contains(out, "WARNING") {
			t.Errorf("promtool: %v\n%s", err, out)
		}
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

// hasSecret says whether a service finds a secret at a path.
func hasSecret(s types.ServiceConfig, path string) bool {
	return slices.ContainsFunc(s.Secrets, func(one types.ServiceSecretConfig) bool { return "/run/secrets/"+one.Source == path })
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
