package deploy

import (
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

const root = ".."

// warnings collects what Compose would print to the terminal.
type warnings struct{ lines []string }

func (w *warnings) Levels() []logrus.Level { return logrus.AllLevels }

func (w *warnings) Fire(e *logrus.Entry) error {
	w.lines = append(w.lines, e.Message)
	return nil
}

// stack loads docker-compose.yml as `docker compose` does, with the variables
// given and no others; COMPOSE_PROFILES is one that Compose itself reads.
func stack(t *testing.T, env map[string]string) *types.Project {
	t.Helper()
	return stackOf(t, env, "docker-compose.yml")
}

func stackOf(t *testing.T, env map[string]string, files ...string) *types.Project {
	t.Helper()
	log := logrus.StandardLogger()
	out, hooks := log.Out, log.ReplaceHooks(logrus.LevelHooks{})
	said := &warnings{}
	log.SetOutput(io.Discard)
	log.AddHook(said)
	defer func() {
		log.SetOutput(out)
		log.ReplaceHooks(hooks)
	}()

	dir, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	var configs []types.ConfigFile
	for _, f := range files {
		configs = append(configs, types.ConfigFile{Filename: filepath.Join(dir, f)})
	}
	project, err := loader.LoadWithContext(t.Context(), types.ConfigDetails{
		WorkingDir:  dir,
		ConfigFiles: configs,
		Environment: env,
	}, func(o *loader.Options) {
		o.SetProjectName("winnow", false)
		if p := env["COMPOSE_PROFILES"]; p != "" {
			o.Profiles = strings.Split(p, ",")
		}
	})
	if err != nil {
		t.Fatalf("loading %v: %v", files, err)
	}
	if len(said.lines) > 0 {
		t.Errorf("Compose warns: %q", said.lines)
	}
	return project
}

// shapes are the two ways to start the stack, by their variables.
func shapes(t *testing.T) map[string]map[string]string {
	t.Helper()
	return map[string]map[string]string{"alone": nil, "cluster": envFile(t, "deploy/cluster.env")}
}

func envFile(t *testing.T, path string) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, line := range strings.Split(read(t, root, path), "\n") {
		if key, value, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			env[key] = value
		}
	}
	return env
}

func TestEveryServiceIsConfined(t *testing.T) {
	want := map[string][]string{
		"alone":   {"clickhouse", "grafana", "prometheus", "winnow"},
		"cluster": {"clickhouse", "clickhouse-2", "grafana", "keeper", "nats", "prometheus", "winnow"},
	}
	for shape, env := range shapes(t) {
		t.Run(shape, func(t *testing.T) {
			project := stack(t, env)
			if got := slices.Sorted(maps.Keys(project.Services)); !slices.Equal(got, want[shape]) {
				t.Fatalf("services = %v, want %v", got, want[shape])
			}
			confined(t, project)
		})
	}
}

func confined(t *testing.T, project *types.Project) {
	t.Helper()
	// A tag that names one release: at least three numbers.
	pinned := regexp.MustCompile(`:v?\d+\.\d+\.\d+(\.\d+)?$`)
	for name, s := range project.Services {
		if s.Build == nil && !pinned.MatchString(s.Image) {
			t.Errorf("%s: image %q is not pinned to a release", name, s.Image)
		}
		if s.HealthCheck == nil || len(s.HealthCheck.Test) == 0 || s.HealthCheck.Disable {
			t.Errorf("%s: no health check", name)
		}
		if s.MemLimit == 0 || s.CPUS == 0 || s.PidsLimit == 0 {
			t.Errorf("%s: memory, processors and processes must be limited", name)
		}
		if s.Restart != "unless-stopped" {
			t.Errorf("%s: restart is %q", name, s.Restart)
		}
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || len(s.CapAdd) > 0 || s.Privileged {
			t.Errorf("%s: root filesystem must be read-only and all capabilities dropped", name)
		}
		if !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s: may gain new privileges", name)
		}
		if s.User == "" || strings.HasPrefix(s.User, "0") || strings.HasPrefix(s.User, "root") {
			t.Errorf("%s: user is %q, want one that is not root", name, s.User)
		}
		if s.Logging == nil || s.Logging.Options["max-size"] == "" {
			t.Errorf("%s: its log can fill the disk", name)
		}
		if s.NetworkMode == "host" || s.Pid == "host" || s.Ipc == "host" {
			t.Errorf("%s: shares a namespace with the host", name)
		}
	}
}

func TestOnlyLoopbackIsPublished(t *testing.T) {
	for shape, env := range shapes(t) {
		t.Run(shape, func(t *testing.T) { onlyLoopback(t, stack(t, env)) })
	}
}

func onlyLoopback(t *testing.T, project *types.Project) {
	t.Helper()
	published := map[string]string{}
	for name, s := range project.Services {
		for _, p := range s.Ports {
			if ip := net.ParseIP(p.HostIP); ip == nil || !ip.IsLoopback() {
				t.Errorf("%s: port %s is published on %q, want loopback only", name, p.Published, p.HostIP)
			}
			published[name] += p.Published
		}
		_, front := s.Networks["front"]
		if !front && len(s.Ports) > 0 {
			t.Errorf("%s: publishes a port but is not on the front network", name)
		}
	}
	if want := map[string]string{"winnow": "8010", "grafana": "3000"}; !maps.Equal(published, want) {
		t.Errorf("published ports = %v, want %v", published, want)
	}
	if !project.Networks["back"].Internal {
		t.Error("the back network has a way out")
	}
}

func TestMountedFilesExist(t *testing.T) {
	for shape, env := range shapes(t) {
		t.Run(shape, func(t *testing.T) { mountedFilesExist(t, stack(t, env)) })
	}
}

func mountedFilesExist(t *testing.T, project *types.Project) {
	t.Helper()
	for name, s := range project.Services {
		for _, v := range s.Volumes {
			switch v.Type {
			case types.VolumeTypeBind:
				if _, err := os.Stat(v.Source); err != nil {
					t.Errorf("%s: mounts what is not there: %v", name, err)
				}
				if !v.ReadOnly {
					t.Errorf("%s: %s is mounted writable", name, v.Target)
				}
			case types.VolumeTypeVolume:
				if _, ok := project.Volumes[v.Source]; !ok {
					t.Errorf("%s: volume %q has no name of its own", name, v.Source)
				}
			default:
				t.Errorf("%s: mount of type %q on %s", name, v.Type, v.Target)
			}
		}
	}
}

func TestSecretsAreFiles(t *testing.T) {
	project := stack(t, shapes(t)["cluster"]) // which has all services
	used := map[string]bool{}
	for name, s := range project.Services {
		for _, secret := range s.Secrets {
			used[secret.Source] = true
		}
		for key, value := range s.Environment {
			secret := regexp.MustCompile(`(?i)passw|secret|token|key`).MatchString(key)
			if secret && (value == nil || !strings.HasPrefix(*value, "/run/secrets/")) {
				t.Errorf("%s: %s must name a file in /run/secrets", name, key)
			}
		}
	}
	for name, secret := range project.Secrets {
		if !used[name] {
			t.Errorf("secret %s is used by no service", name)
		}
		if secret.File == "" {
			t.Errorf("secret %s does not come from a file", name)
		}
	}
}

// The example must change nothing: it shows the defaults.
func TestEnvExampleShowsTheDefaults(t *testing.T) {
	env, cluster := envFile(t, ".env.example"), envFile(t, "deploy/cluster.env")
	known := map[string]bool{}
	for _, m := range regexp.MustCompile(`\$\{(\w+)`).FindAllStringSubmatch(read(t, root, "docker-compose.yml"), -1) {
		known[m[1]] = true
		if env[m[1]] == "" || cluster[m[1]] == "" {
			t.Errorf("variable %s is missing from .env.example or deploy/cluster.env", m[1])
		}
	}
	for name := range env {
		if !known[name] {
			t.Errorf("docker-compose.yml reads no variable %s of .env.example", name)
		}
	}
	for name := range cluster {
		if !known[name] && name != "COMPOSE_PROFILES" {
			t.Errorf("docker-compose.yml reads no variable %s of deploy/cluster.env", name)
		}
	}
	plain, err := stack(t, nil).MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	with, err := stack(t, env).MarshalYAML()
	if err != nil {
		t.Fatal(err)
	}
	if string(plain) != string(with) {
		t.Errorf("with .env.example the stack differs:\n%s\nwithout:\n%s", with, plain)
	}
}

// The tokens of the example come beside what Winnow has, where its comment says.
func TestTokensComeAsSecrets(t *testing.T) {
	const example = "deploy/tokens.example.yml"
	before := stack(t, nil).Services["winnow"].Secrets
	project := stackOf(t, nil, "docker-compose.yml", example)
	if got := len(project.Services["winnow"].Secrets); got != len(before)+2 {
		t.Errorf("winnow has %d secrets with tokens, %d without", got, len(before))
	}
	for _, s := range project.Services["winnow"].Secrets[len(before):] {
		if !strings.Contains(read(t, root, example), "_file: /run/secrets/"+s.Source) || filepath.Dir(project.Secrets[s.Source].File) != filepath.Dir(project.Secrets["store_url"].File) {
			t.Errorf("the example does not say what %s is for, or keeps it elsewhere", s.Source)
		}
	}
	if !strings.Contains(read(t, root, ".gitignore"), "/docker-compose.override.yml\n") {
		t.Error("the copy of the example can come into git")
	}
}
