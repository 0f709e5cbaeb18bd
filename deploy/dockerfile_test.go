package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// startTimeout is what a server of a test may take on a busy machine.
const startTimeout = 30 * time.Second

// instruction is a line of the Dockerfile in its stage.
type instruction struct{ stage, word, rest string }

func dockerfile(t *testing.T) (all []instruction) {
	t.Helper()
	text := strings.ReplaceAll(read(t, root, "Dockerfile"), "\\\n", " ")
	stage := ""
	for line := range strings.Lines(text) {
		word, rest, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(word, "#") {
			continue
		}
		if word == "FROM" {
			image, name, _ := strings.Cut(rest, " AS ")
			stage = strings.TrimSpace(name)
			rest = image
		}
		all = append(all, instruction{stage, word, strings.Join(strings.Fields(rest), " ")})
	}
	return all
}

// What the Dockerfile does without a container engine is done here: its build step
// runs as it stands and leaves a program that starts; its files are there and are not
// kept out of the build; its images are pinned; no stage ends as root.
func TestDockerfileBuilds(t *testing.T) {
	ignored := strings.Fields(regexp.MustCompile(`(?m)^#.*$`).ReplaceAllString(read(t, root, ".dockerignore"), ""))
	out := t.TempDir()
	users, built := map[string]string{}, false
	for _, in := range dockerfile(t) {
		switch in.word {
		case "FROM":
			if !regexp.MustCompile(`^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?$`).MatchString(in.rest) {
				t.Errorf("image %q is not pinned to a release", in.rest)
			}
		case "USER":
			users[in.stage] = in.rest
		case "COPY":
			fields := slices.DeleteFunc(strings.Fields(in.rest), func(f string) bool { return strings.HasPrefix(f, "--chown") || strings.HasPrefix(f, "--chmod") })
			if strings.HasPrefix(fields[0], "--from=") {
				continue
			}
			for _, source := range fields[:len(fields)-1] {
				if _, err := os.Stat(filepath.Join(root, source)); err != nil || slices.Contains(ignored, source) {
					t.Errorf("COPY %s: %v, or kept out by .dockerignore", source, err)
				}
			}
		case "RUN":
			command := strings.ReplaceAll(in.rest, "/out/", out+"/")
			if !strings.Contains(command, "go build") {
				continue // go mod download is what the test itself needed
			}
			built = true
			// VERSION comes as an argument, as --build-arg gives it.
			if said, err := run(t, []string{"VERSION=1.2.3-test", "GOFLAGS=-buildvcs=false"}, "sh", "-c", "cd "+root+" && "+command); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, said)
			}
		}
	}
	if !built {
		t.Fatal("the Dockerfile builds nothing")
	}
	for _, stage := range []string{"log", ""} {
		if users[stage] == "" || strings.HasPrefix(users[stage], "0") || users[stage] == "root" {
			t.Errorf("stage %q ends as user %q", stage, users[stage])
		}
	}
	said, err := run(t, nil, filepath.Join(out, "winnow"), "version")
	if err != nil || !strings.Contains(said, "1.2.3-test") {
		t.Errorf("the built program says %q, %v", said, err)
	}
	if info, err := os.Stat(filepath.Join(out, "data")); err != nil || !info.IsDir() {
		t.Errorf("the folder of the data: %v", err)
	}
}

// The log's server is of the version that Winnow is built and tested with.
func TestImageOfTheLogIsTheTestedOne(t *testing.T) {
	m := regexp.MustCompile(`(?m)^\tgithub.com/nats-io/nats-server/v2 v(\S+)$`).FindStringSubmatch(read(t, root, "go.mod"))
	if m == nil {
		t.Fatal("the log's server is no dependency")
	}
	want := "nats:" + m[1] + "-alpine"
	if !slices.ContainsFunc(dockerfile(t), func(in instruction) bool { return in.stage == "log" && in.word == "FROM" && in.rest == want }) {
		t.Errorf("stage log is not from %s", want)
	}
}
