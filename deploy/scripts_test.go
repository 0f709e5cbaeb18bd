package deploy

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// run runs one of the scripts and returns what it printed.
func run(t *testing.T, env []string, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// makeSecrets runs secrets.sh and returns the folder.
func makeSecrets(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "secrets")
	if out, err := run(t, nil, "sh", "secrets.sh", dir); err != nil {
		t.Fatalf("secrets.sh: %v\n%s", err, out)
	}
	return dir
}

func TestSecretsScriptMakesWhatComposeMounts(t *testing.T) {
	dir := makeSecrets(t)
	var made []string
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		made = append(made, e.Name())
	}
	var wanted []string
	for _, secret := range stack(t, nil).Secrets {
		wanted = append(wanted, filepath.Base(secret.File))
	}
	slices.Sort(wanted)
	if !slices.Equal(made, wanted) {
		t.Errorf("secrets.sh made %v, docker-compose.yml mounts %v", made, wanted)
	}

	password := read(t, dir, "clickhouse_winnow_password")
	if !regexp.MustCompile(`^[0-9a-f]{48}$`).MatchString(password) {
		t.Error("the password is not 192 bits of hex")
	}
	if password == read(t, dir, "clickhouse_grafana_password") {
		t.Error("two users share a password")
	}
	if got, want := read(t, dir, "store_url"), "http://winnow:"+password+"@clickhouse:8123/winnow"; got != want {
		t.Error("store_url does not carry the writer's password and database")
	}
	_, rest, _ := strings.Cut(read(t, dir, "log_url"), "nats://winnow:")
	if log, host, _ := strings.Cut(rest, "@"); len(log) != 48 || host != "nats:4222" || !strings.Contains(read(t, dir, "nats_authorization"), `password: "`+log+`"`) {
		t.Error("log_url and nats_authorization do not have one password")
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("folder of the secrets: mode %v (%v), want 0700", info.Mode().Perm(), err)
	}
}

func TestSecretsScriptKeepsWhatIsThere(t *testing.T) {
	dir := makeSecrets(t)
	before := snapshot(t, dir)
	if out, err := run(t, nil, "sh", "secrets.sh", dir); err != nil || out != "" {
		t.Fatalf("second run: %v, said %q", err, out)
	}
	if !maps.Equal(before, snapshot(t, dir)) {
		t.Error("a second run changed a secret")
	}
}

func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		out[e.Name()] = read(t, dir, e.Name())
	}
	return out
}

func TestSecretsStayOutOfGitAndImage(t *testing.T) {
	if got := read(t, "secrets", ".gitignore"); !strings.Contains(got, "\n*\n") {
		t.Errorf("deploy/secrets/.gitignore does not keep everything out: %q", got)
	}
	ignored := strings.Split(read(t, root, ".dockerignore"), "\n")
	for _, path := range []string{"deploy/secrets", ".env", ".git"} {
		if !slices.Contains(ignored, path) {
			t.Errorf(".dockerignore lacks %s", path)
		}
	}
}

// fakeServer puts a clickhouse-server on the path that prints what it was
// started with.
func fakeServer(t *testing.T) (path string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\necho \"$WINNOW_PASSWORD_SHA256 $GRAFANA_PASSWORD_SHA256 $WINNOW_CLUSTER_SECRET $*\"\n"
	if err := os.WriteFile(filepath.Join(dir, "clickhouse-server"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return "PATH=" + dir + ":" + os.Getenv("PATH")
}

func TestServerStartsWithHashesOnly(t *testing.T) {
	dir := makeSecrets(t)
	out, err := run(t, []string{fakeServer(t), "WINNOW_SECRETS=" + dir}, "sh", "clickhouse/start.sh")
	if err != nil {
		t.Fatalf("start.sh: %v\n%s", err, out)
	}
	want := hash(read(t, dir, "clickhouse_winnow_password")) + " " +
		hash(read(t, dir, "clickhouse_grafana_password")) + " " +
		hash(read(t, dir, "clickhouse_cluster_secret")) +
		" --config-file=/etc/clickhouse-server/config.xml\n"
	if out != want {
		t.Errorf("server got %q, want %q", out, want)
	}
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestServerRefusesToStartWithoutSecrets(t *testing.T) {
	dir := makeSecrets(t)
	for _, spoil := range []func(path string) error{
		os.Remove,
		func(path string) error { return errors.Join(os.Chmod(path, 0o644), os.Truncate(path, 0)) },
	} {
		if err := spoil(filepath.Join(dir, "clickhouse_grafana_password")); err != nil {
			t.Fatal(err)
		}
		out, err := run(t, []string{fakeServer(t), "WINNOW_SECRETS=" + dir}, "sh", "clickhouse/start.sh")
		if err == nil || !strings.Contains(out, "clickhouse_grafana_password is missing or empty") {
			t.Errorf("start.sh: %v, said %q; want a refusal that names the secret", err, out)
		}
		dir = makeSecrets(t)
	}
}

func TestHealthy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" || !strings.HasPrefix(r.Host, "127.0.0.1:") {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")

	if out, err := run(t, nil, "bash", "healthy", address+"/healthz"); err != nil {
		t.Errorf("healthy: %v\n%s", err, out)
	}
	if _, err := run(t, nil, "bash", "healthy", address+"/other"); err == nil {
		t.Error("healthy succeeds on 503")
	}
	server.Close()
	if _, err := run(t, nil, "bash", "healthy", address+"/healthz"); err == nil {
		t.Error("healthy succeeds without a server")
	}
}
