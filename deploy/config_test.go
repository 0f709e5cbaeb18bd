package deploy

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"winnow/cmd/config"
)

// loadConfig reads winnow.yaml as the container does, with the secrets of dir
// in the place of /run/secrets.
func loadConfig(t *testing.T, dir string) config.Config {
	t.Helper()
	text := read(t, "winnow.yaml")
	moved := strings.ReplaceAll(text, "/run/secrets/", dir+"/")
	if moved == text {
		t.Fatal("winnow.yaml names no secret")
	}
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatalf("winnow.yaml: %v", err)
	}
	return c
}

func TestConfigurationFitsTheStack(t *testing.T) {
	c := loadConfig(t, makeSecrets(t))
	services := stack(t, nil).Services
	winnow := services["winnow"]

	var volumes, secrets []string
	for _, v := range winnow.Volumes {
		volumes = append(volumes, v.Target)
	}
	for _, s := range winnow.Secrets {
		secrets = append(secrets, "/run/secrets/"+s.Source)
	}
	if !slices.Contains(volumes, c.DataDir) {
		t.Errorf("data_dir %s is on no volume: the log would be lost with the container", c.DataDir)
	}
	if !slices.Contains(volumes, "/etc/winnow/winnow.yaml") || !slices.Contains(winnow.Command, "/etc/winnow/winnow.yaml") {
		t.Error("winnow does not read the configuration that is mounted")
	}
	if !slices.Contains(secrets, strings.TrimSpace(fileOf(t, "url_file: "))) {
		t.Errorf("store.url_file is none of the service's secrets %v", secrets)
	}

	store, err := url.Parse(c.Store.URL.Reveal())
	if err != nil {
		t.Fatal("store.url is no URL")
	}
	if _, ok := services[store.Hostname()]; !ok || store.Port() != "8123" || store.Path != "/winnow" || store.User.Username() != "winnow" {
		t.Error("store.url does not lead to the stack's server, its HTTP port, user and database")
	}
	host, port, err := net.SplitHostPort(c.Desk.Listen)
	if err != nil || host != "0.0.0.0" || port != "8010" {
		t.Errorf("desk.listen is %q, want all addresses of the container on the published port", c.Desk.Listen)
	}
	if !slices.Contains(c.Desk.Hosts, "winnow") {
		t.Errorf("desk.hosts %v lacks winnow: Prometheus would be refused", c.Desk.Hosts)
	}
	if len(c.Campaigns) == 0 {
		t.Error("winnow.yaml shows no campaign to begin with")
	}
}

// fileOf returns the value of the first line of winnow.yaml with the key.
func fileOf(t *testing.T, key string) string {
	t.Helper()
	_, rest, ok := strings.Cut(read(t, "winnow.yaml"), key)
	if !ok {
		t.Fatalf("winnow.yaml has no %s", key)
	}
	value, _, _ := strings.Cut(rest, "\n")
	return value
}
