package audit

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var when = time.Date(2031, 6, 12, 22, 30, 0, 0, time.FixedZone("+04", 4*3600))

func open(t *testing.T, path string) *Log {
	t.Helper()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLogIsPrivateAndGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(path, []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := open(t, path)
	if err := l.Write(Entry{Time: when, Event: LoggedIn, User: "anna", Role: "viewer", Address: "192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	want := `{}
{"time":"2031-06-12T18:30:00Z","event":"log-in","user":"anna","role":"viewer","address":"192.0.2.1"}
`
	if got := read(t, path); got != want {
		t.Errorf("it holds\n%s", got)
	}
	if err := errors.Join(l.Close(), l.Close()); err != nil {
		t.Error(err)
	}
	if err := l.Write(Entry{Time: when, Event: LoggedIn}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("written to a closed log: %v", err)
	}
	if _, err := Open(filepath.Join(path, "below")); err == nil {
		t.Error("a log below a file was opened")
	}
}

// The log and the one before it are bounded, and no line is cut.
func TestRotation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	l := open(t, path)
	long := strings.Repeat("a", 1<<20)
	for i := range 40 {
		if err := l.Write(Entry{Time: when.Add(time.Duration(i) * time.Second), Event: LoggedOut, Address: long}); err != nil {
			t.Fatal(err)
		}
	}
	now, before := read(t, path), read(t, path+".1")
	if len(now) > maxSize || len(before) > maxSize || len(before) < maxSize-2<<20 {
		t.Errorf("%d and %d bytes", len(now), len(before))
	}
	for _, text := range []string{now, before} {
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, `{"time":"2031`) || !strings.HasSuffix(line, "\"}\n") {
				t.Errorf("a line was cut: %.60q", line)
			}
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if !strings.Contains(now, `"time":"2031-06-12T18:30:39Z"`) {
		t.Error("the last line is not in the log")
	}
	// Where it cannot be renamed the log says so, and goes on once it can.
	l.size = maxSize
	if err := errors.Join(os.Remove(path+".1"), os.MkdirAll(path+".1/in the way", 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := l.Write(Entry{Time: when, Event: LoggedIn}); err == nil {
		t.Error("written although the log is full and cannot be renamed")
	}
	if err := os.RemoveAll(path + ".1"); err != nil {
		t.Fatal(err)
	}
	if err := l.Write(Entry{Time: when, Event: LoggedIn}); err != nil {
		t.Error(err)
	}
}

// Refused log-ins, however many, leave room for what people did; how many have no
// line is told.
func TestRefusalsAreBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	l := open(t, path)
	at := when
	for i := range 1000 {
		at = at.Add(10 * time.Millisecond)
		event := Failed
		if i%2 == 0 {
			event = Throttled
		}
		if err := l.Write(Entry{Time: at, Event: event, Address: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if err := l.Write(Entry{Time: at, Event: LoggedIn, User: "anna", Address: "192.0.2.1"}); err != nil {
			t.Fatal(err)
		}
	}
	text := read(t, path)
	failed := strings.Count(text, `log-in failed"`) + strings.Count(text, `log-in refused`)
	if failed != 101 || strings.Count(text, `"event":"log-in"`) != 3 {
		t.Errorf("%d refusals are written, and %d log-ins", failed, strings.Count(text, `"event":"log-in"`))
	}
	if unwritten := strings.Count(text, `"unwritten":`); unwritten < 1 || !strings.Contains(text, `"user":"anna","address":"192.0.2.1","unwritten":`) {
		t.Errorf("what is not written is told %d times:\n%s", unwritten, text[len(text)-500:])
	}
	if !strings.HasSuffix(text, `"event":"log-in","user":"anna","address":"192.0.2.1"}`+"\n") {
		t.Error("what was told is told again")
	}
}

// What a command appends stands between the lines of a Winnow that runs, which goes on
// writing to the same file.
func TestAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "audit.jsonl")
	added := Entry{Time: when, Event: TokenAdded, Token: "nightly", Role: "viewer", Address: CommandLine}
	if err := Append(path, added); err != nil {
		t.Fatal(err)
	}
	l := open(t, path)
	if err := l.Write(Entry{Time: when, Event: LoggedOut, User: "anna", Address: "192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
	// A log that is full is left to the Winnow that has it.
	if err := os.Truncate(path, maxSize+1); err != nil {
		t.Fatal(err)
	}
	added.Event = TokenRemoved
	if err := errors.Join(Append(path, added), l.Write(Entry{Time: when, Event: LoggedOut, User: "ben", Address: "192.0.2.1"})); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was renamed: %v", err)
	}
	lines := strings.Split(strings.ReplaceAll(read(t, path), "\x00", ""), "\n")
	want := []string{
		`{"time":"2031-06-12T18:30:00Z","event":"token added","token":"nightly","role":"viewer","address":"command line"}`,
		`{"time":"2031-06-12T18:30:00Z","event":"log-out","user":"anna","address":"192.0.2.1"}`,
		`{"time":"2031-06-12T18:30:00Z","event":"token removed","token":"nightly","role":"viewer","address":"command line"}`,
		`{"time":"2031-06-12T18:30:00Z","event":"log-out","user":"ben","address":"192.0.2.1"}`, "",
	}
	if strings.Join(lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("it holds\n%s", strings.Join(lines, "\n"))
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := Append(filepath.Join(path, "below"), added); err == nil {
		t.Error("a log below a file was written")
	}
}
