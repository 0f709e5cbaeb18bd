package deploy

import (
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"

	"winnow/cmd/config"
)

// loadConfig reads a winnow.yaml as the container does, with the secrets of dir
// in the place of /run/secrets.
func loadConfig(t *testing.T, file, dir string) config.Config {
	t.Helper()
	text := read(t, file)
	moved := strings.ReplaceAll(text, "/run/secrets/", dir+"/")
	if moved == text {
		t.Fatalf("%s names no secret", file)
	}
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	if err := os.WriteFile(path, []byte(moved), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return c
}

func TestConfigurationFitsTheStack(t *testing.T) {
	for shape, env := range shapes(t) {
		t.Run(shape, func(t *testing.T) {
			file := map[string]string{"alone": "winnow.yaml", "cluster": "cluster/winnow.yaml"}[shape]
			c := loadConfig(t, file, makeSecrets(t))
			fits(t, c, file, stack(t, env).Services)
			if (c.Log.URL != "") != (shape == "cluster") || (c.Store.Cluster != "") != (shape == "cluster") {
				t.Error("the log is on a server and the store is a cluster, where there is one and nowhere else")
			}
		})
	}
}

func fits(t *testing.T, c config.Config, file string, services types.Services) {
	t.Helper()
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
	for _, m := range regexp.MustCompile(`(?m)^  \w+_file: (/run/secrets/.*)$`).FindAllStringSubmatch(read(t, file), -1) {
		if !slices.Contains(secrets, m[1]) {
			t.Errorf("%s is none of the service's secrets %v", m[1], secrets)
		}
	}
	if source := winnow.Volumes[1].Source; filepath.Base(filepath.Dir(source))+"/"+filepath.Base(source) != filepath.Base(filepath.Dir("deploy/"+file))+"/winnow.yaml" {
		t.Errorf("winnow runs with %s, not with %s", source, file)
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
	if c.Log.URL != "" {
		log, err := url.Parse(c.Log.URL.Reveal())
		if _, ok := services[log.Hostname()]; err != nil || !ok || log.Port() != "4222" {
			t.Error("log.url does not lead to the stack's NATS server")
		}
	}
	// The users outlive the container, and can be changed in it.
	if !slices.Contains(volumes, filepath.Dir(c.Desk.UsersFile)) {
		t.Errorf("desk.users_file %s is on no volume", c.Desk.UsersFile)
	}
	if !c.Desk.PublishedOnLoopback || len(winnow.Ports) != 1 || winnow.Ports[0].HostIP != "127.0.0.1" {
		t.Error("desk.published_on_loopback does not say what docker-compose.yml does")
	}
	if len(c.Desk.FirstPassword.Reveal()) != 48 || len(c.Desk.MetricsToken.Reveal()) != 48 || c.Desk.FirstPassword == c.Desk.MetricsToken {
		t.Error("the first user's password and the token of the metrics are not two random ones")
	}
	if len(c.Campaigns) == 0 {
		t.Error("winnow.yaml shows no campaign to begin with")
	}
}
