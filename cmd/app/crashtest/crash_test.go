package crashtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/storage/storagetest"
)

// The variables by which `make crash` asks for more, and for the same again.
const (
	killsVariable = "WINNOW_KILLS"
	seedVariable  = "WINNOW_CRASH_SEED"
)

// killsPerRun is how many kills one data directory has to stand.
const killsPerRun = 20

func TestMain(m *testing.M) {
	if text := os.Getenv(lifeVariable); text != "" {
		if err := live(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	storagetest.Main(m)
}

// phases say what the process does at a point, by how the point begins; the
// first that fits counts.
var phases = []struct{ point, phase string }{
	{"starting engine", "start"},
	{"another process holds", "start"},
	{"engine is up", "start"},
	{"migrating", "migration"},
	{"schema brought up to date", "start"},
	{"up", "start"},
	{"engine ended by itself", "engine away"},
	{"storing a message", "insert"},
	{"inserting posts", "insert"},
	{"inserting tombstones", "insert"},
	{"inserting account", "insert"},
	{"inserting aliases", "insert"},
	{"inserting gaps", "insert"},
	{"inserting watches", "insert"},
	{"inserting marks", "insert"},
	{"emptying deleted posts", "insert"},
	{"keeping evidence", "between insert and ack"},
	{"message stored", "between insert and ack"},
	{"message acknowledged", "after ack"},
	{"trimming the log", "trimming"},
	{"publishing", "publishing"},
	{"detecting", "detection"},
	{"inserting finding", "writing findings"},
	{"inserting change", "writing findings"},
	{"detection ran", "recomputing"},
	{"recomputing buckets", "recomputing"},
	{"taking back marks", "recomputing"},
	{"a message of the log could not be handled", "engine away"},
	{"settling failed", "engine away"},
}

func phase(point string) string {
	for _, p := range phases {
		if strings.HasPrefix(point, p.point) {
			return p.phase
		}
	}
	return point
}

// aims are the points at which kills are aimed. Those in front come in every
// run.
var aims = []string{
	"message stored", "inserting posts", "recomputing buckets", "message acknowledged", "inserting finding", "trimming the log",
	"keeping evidence", "starting engine", "engine is up", "up", "publishing",
	"storing a message", "inserting tombstones", "inserting account", "emptying deleted posts", "inserting marks",
	"message stored", "detecting", "inserting findings", "inserting change", "recomputing buckets", "taking back marks",
}

// planner draws kills: by turns at any time, and at one of the aims.
type planner struct {
	dice  *rand.Rand
	drawn int
	deck  []string
}

func newPlanner(seed, run uint64) *planner {
	p := &planner{dice: rand.New(rand.NewPCG(seed, run)), deck: slices.Clone(aims)}
	rest := p.deck[6:]
	p.dice.Shuffle(len(rest), func(i, k int) { rest[i], rest[k] = rest[k], rest[i] })
	return p
}

// life draws the kills of one life: up to two of the engine, and the one that
// ends it.
func (p *planner) life(first bool, left int) []kill {
	last := []target{winnow, winnow, both}[p.dice.IntN(3)]
	if first {
		// The schema is made in the first life only.
		return []kill{{Target: last, Point: "migrating", Nth: 1, After: time.Duration(p.dice.IntN(400)) * time.Millisecond}}
	}
	var out []kill
	for range min(p.dice.IntN(3), left-1) {
		out = append(out, p.kill(engine))
	}
	return append(out, p.kill(last))
}

func (p *planner) kill(t target) kill {
	if p.drawn++; p.drawn%2 == 0 {
		k := kill{Target: t, Nth: 1, After: time.Duration(1+p.dice.IntN(2000)) * time.Millisecond}
		if p.dice.IntN(4) > 0 { // a start takes long: most come later
			k.Point = "publishing"
		}
		return k
	}
	at := p.drawn / 2 % len(p.deck)
	k := kill{Target: t, Point: p.deck[at], Nth: 1}
	// Exactly there in the beginning, a moment later or another time then.
	if at >= 6 && p.dice.IntN(2) == 0 {
		k.Nth, k.After = 1+p.dice.IntN(3), time.Duration(p.dice.IntN(20_000))*time.Microsecond
	}
	return k
}

// run is what became of one data directory.
type run struct {
	lives, kills int
	phases       map[string]int
	shot         shot
}

// TestCrash kills Winnow, its engine or both again and again while it takes a
// stream in; in the end the store holds what an undisturbed run leaves.
func TestCrash(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("this system does not list a process's children under /proc")
	}
	library := storagetest.Config(t).Library
	kills, seed := number(t, killsVariable, killsPerRun), uint64(number(t, seedVariable, 1))
	fresh := func(t *testing.T) life { return life{Library: library, Seed: seed, Dir: t.TempDir()} }
	var want, cut shot
	runs := make([]run, (kills+killsPerRun-1)/killsPerRun)
	t.Run("lives", func(t *testing.T) {
		t.Run("undisturbed", func(t *testing.T) {
			t.Parallel()
			want = carryOut(t, fresh(t), nil, 0).shot
		})
		t.Run("the log loses its tail", func(t *testing.T) {
			t.Parallel()
			cut = loseTail(t, fresh(t))
		})
		for i := range runs {
			t.Run(fmt.Sprint("run ", i+1), func(t *testing.T) {
				t.Parallel()
				runs[i] = carryOut(t, fresh(t), newPlanner(seed, uint64(i)), min(killsPerRun, kills-i*killsPerRun))
				t.Logf("%d kills in %d lives", runs[i].kills, runs[i].lives)
			})
		}
	})
	if t.Failed() {
		return
	}
	for _, a := range answers {
		t.Logf("%-17s %6d rows", a.what, len(want[a.what]))
		if len(want[a.what]) == 0 && a.what != "open marks" {
			t.Errorf("the stream leaves no %s: nothing is compared", a.what)
		}
	}
	if len(want["open marks"]) != 0 {
		t.Errorf("%d open marks after settling", len(want["open marks"]))
	}
	compare(t, "the log lost its tail", cut, want)
	total, differences := 0, 0
	all := map[string]int{}
	for i, r := range runs {
		total += r.kills
		for phase, n := range r.phases {
			all[phase] += n
		}
		differences += compare(t, fmt.Sprint("run ", i+1), r.shot, want)
	}
	for _, phase := range slices.Sorted(maps.Keys(all)) {
		t.Logf("%4d kills during: %s", all[phase], phase)
	}
	for _, phase := range []string{"insert", "between insert and ack", "recomputing", "migration"} {
		if all[phase] == 0 {
			t.Errorf("no kill during: %s", phase)
		}
	}
	fmt.Printf("%d runs, %d kills, %d differences\n", len(runs), total, differences)
}

// carryOut lives as many lives as it takes to bring so many kills about, then
// one that ends well.
func carryOut(t *testing.T, l life, p *planner, kills int) run {
	t.Helper()
	out := run{phases: map[string]int{}}
	batches := len(newStream(l.Seed).batches)
	for out.kills < kills {
		l.Kills = p.life(out.lives == 0, kills-out.kills)
		l.Upto = batches * (out.kills + len(l.Kills)) / (kills + 1)
		out.lives++
		killed, _ := watch(t, &l)
		for _, at := range killed {
			out.phases[phase(at)]++
		}
		out.kills += len(killed)
	}
	out.lives++
	out.shot, _ = last(t, l)
	return out
}

// last is a life that takes in what is left and ends well.
func last(t *testing.T, l life) (s shot, trail []string) {
	t.Helper()
	l.Kills, l.Upto, l.Shot = nil, len(newStream(l.Seed).batches), filepath.Join(l.Dir, "shot.json")
	_, trail = watch(t, &l)
	text, err := os.ReadFile(l.Shot)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	if s["kept"], err = l.kept(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, trail
}

// patience is how long a life may say nothing.
const patience = 3 * time.Minute

// watch lives a life in a process of its own and returns where it was at each
// kill, and all that it said.
func watch(t *testing.T, l *life) (killed, trail []string) {
	t.Helper()
	text, err := json.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), lifeVariable+"="+string(text))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hung := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer hung.Stop()
	at, dead := "", false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		hung.Reset(patience)
		switch line := lines.Text(); {
		case strings.HasPrefix(line, atLine):
			at = strings.TrimPrefix(line, atLine)
		case strings.HasPrefix(line, killedLine):
			killed = append(killed, at)
			dead = line != killedLine+string(engine)
		}
		trail = append(trail, lines.Text())
	}
	err = cmd.Wait()
	switch {
	case dead:
	case err == nil && len(l.Kills) == 0:
	case err != nil && len(killed) > 0 && phase(at) != "up" && !slices.Contains(trail, atLine+"up"):
		// Without its engine it does not start, and says so.
	default:
		t.Fatalf("the process ended by itself: %v\n%s\nkills %+v\n%s", err, stderr.String(), l.Kills, strings.Join(trail[max(0, len(trail)-40):], "\n"))
	}
	return killed, trail
}

// number reads a variable.
func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}
