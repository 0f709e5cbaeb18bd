package user

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// good is a password that passes, for whoever is called anna.
const good = "lantern river seven goats"

func TestRolesMay(t *testing.T) {
	for role, want := range map[Role][3]bool{
		Viewer: {true, false, false}, Analyst: {true, true, false}, Admin: {true, true, true},
		"": {}, "root": {}, "ADMIN": {},
	} {
		if got := [3]bool{role.May(Read), role.May(Judge), role.May(Manage)}; got != want {
			t.Errorf("%q may read, judge, manage: %v, want %v", role, got, want)
		}
	}
	if Admin.May(Manage+1) || Admin.May(-1) {
		t.Error("an act that is none is allowed")
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	for password, says := range map[string]string{
		"":                              "too short",
		"hunter2":                       "too short",
		"fourteen chars":                "too short",
		"ləntərn çay ş":                 "too short",
		"aaaaaaaaaaaaaaaaaaaaaaaa":      "repeats",
		"abcabcabcabcabcabcabc":         "repeats",
		"anna anna anna anna 1":         "repeats",
		"annaannaannaanna12345":         "little more than a name",
		"winnowwinnowPassword":          "little more than a name",
		"lantern river\nseven goats":    "cannot be typed",
		"lantern river \xff seven goat": "cannot be typed",
		strings.Repeat("lantern ", 200): "longer than",
	} {
		err := CheckPassword("anna", password)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want one that says %q", password, err, says)
		}
		if password != "" && err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("the error says the password: %v", err)
		}
	}
	for _, password := range []string{good, "fənər çay yeddi keçi", "مصباح نهر سبعة ماعز", "correct horse battery staple"} {
		if err := CheckPassword("anna", password); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestPasswordFits(t *testing.T) {
	u, err := New("anna", Viewer, "fener çay yeddi keçi", Least())
	if err != nil {
		t.Fatal(err)
	}
	if !u.Fits("fener çay yeddi keçi") || !u.Fits("fener c\u0327ay yeddi kec\u0327i") {
		t.Error("the password does not fit, or only as this keyboard composes it")
	}
	for _, other := range []string{"", "fener cay yeddi keci", "fener çay yeddi keçi ", u.hash.String()} {
		if u.Fits(other) {
			t.Errorf("%q fits", other)
		}
	}
	again, err := New("anna", Viewer, "fener çay yeddi keçi", Least())
	if err != nil || again.Stamp() == u.Stamp() {
		t.Errorf("two hashes of one password are equal, %v", err)
	}
}

func TestNobodyCostsAsMuch(t *testing.T) {
	u, err := New("anna", Viewer, good, Least())
	if err != nil {
		t.Fatal(err)
	}
	n := Nobody(List{u})
	if n.hash.cost != Least() || Nobody(nil).hash.cost != Standard() {
		t.Error("nobody has another cost than somebody")
	}
	if n.Fits("") || n.Fits(good) {
		t.Error("a password fits nobody")
	}
}

func TestUsersThatAreRefused(t *testing.T) {
	for _, name := range []string{"", "Anna", "anna b", "anna\n", ".anna", "-a", "anna:b", strings.Repeat("a", 33), "ənna"} {
		if _, err := New(name, Viewer, good, Least()); err == nil {
			t.Errorf("name %q was accepted", name)
		}
	}
	for _, role := range []Role{"", "root", "viewer admin"} {
		if _, err := New("anna", role, good, Least()); err == nil {
			t.Errorf("role %q was accepted", role)
		}
	}
}

// line is a user as in a file, with a hash that is well-formed.
func line(name, role, costs string) string {
	return name + " " + role + " $argon2id$v=19$" + costs + "$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}

func TestParse(t *testing.T) {
	ok := line("anna", "viewer", "m=65536,t=3,p=4")
	for text, says := range map[string]string{
		"":        "",
		ok:        "",
		ok + "\n": "",
		ok + "\n" + line("ben", "admin", "m=19456,t=2,p=1") + "\n": "",
		ok + "\n\n":                                   "line 2: want a name",
		"# comment":                                   "line 1: \"#\" is no name\x00line 1: want a name",
		ok + "\r\n":                                   "line 1: this is no argon2id hash",
		ok + "\n" + ok + "\n":                         "line 2: \"anna\" stands here twice",
		line("anna", "root", "m=65536,t=3,p=4"):       "is no role",
		line("a:b", "viewer", "m=65536,t=3,p=4"):      "is no name",
		line("anna", "viewer", "m=8192,t=3,p=4"):      "too cheap",
		line("anna", "viewer", "m=65536,t=1,p=4"):     "too cheap",
		line("anna", "viewer", "m=65536,t=3,p=0"):     "too cheap",
		line("anna", "viewer", "m=4194304,t=3,p=4"):   "costs more",
		line("anna", "viewer", "m=65536,t=4000,p=4"):  "costs more",
		line("anna", "viewer", "m=065536,t=3,p=4"):    "no argon2id hash",
		line("anna", "viewer", "m=65536,t=3,p=-4"):    "no argon2id hash",
		line("anna", "viewer", "t=3,m=65536,p=4"):     "no argon2id hash",
		strings.Replace(ok, "v=19", "v=16", 1):        "no argon2id hash",
		strings.Replace(ok, "argon2id", "argon2i", 1): "no argon2id hash",
		ok + "A":              "no argon2id hash",
		ok + " more":          "want a name",
		"anna viewer":         "want a name",
		"anna viewer " + good: "want a name",
		"anna viewer $2y$10$abcdefghijklmnopqrstuv": "no argon2id hash",
	} {
		l, err := Parse(text)
		if says == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		matched := false
		for one := range strings.SplitSeq(says, "\x00") {
			matched = matched || err != nil && strings.Contains(err.Error(), one)
		}
		if !matched || l != nil {
			t.Errorf("%q: %v, want an error that says %q", text, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "AAAA") {
			t.Errorf("the error shows the hash: %v", err)
		}
	}
}

// Any text is either a list that writes and reads again as the same, with users
// who pass every check, or an error; nothing panics.
func FuzzParse(f *testing.F) {
	f.Add(line("anna", "viewer", "m=65536,t=3,p=4") + "\n" + line("ben", "admin", "m=19456,t=2,p=1") + "\n")
	f.Add("anna viewer $argon2id$v=19$m=1,t=1,p=1$$\n")
	f.Add("\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		for _, u := range l {
			if err := u.check(); err != nil {
				t.Errorf("accepted, yet %v", err)
			}
			if c := u.hash.cost; c.Memory > most.Memory || c.Passes > most.Passes || c.Lanes > most.Lanes || c.Memory < Least().Memory {
				t.Errorf("accepted at the cost %+v", c)
			}
		}
		if written := l.String(); strings.TrimSuffix(written, "\n") != strings.TrimSuffix(text, "\n") {
			t.Errorf("%q was read as %q", text, written)
		}
	})
}

func TestChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "users")
	if _, err := Load(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("a file that is not there: %v", err)
	}
	// Changes side by side are all kept.
	var all sync.WaitGroup
	for _, name := range []string{"anna", "ben", "cem", "dina"} {
		all.Go(func() {
			u, err := New(name, Viewer, good, Least())
			if err != nil {
				t.Error(err)
				return
			}
			if err := Change(path, func(l List) (List, error) { return l.With(u), nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	l, err := Load(path)
	if err != nil || len(l) != 4 || l[0].Name != "anna" || l[3].Name != "dina" {
		t.Fatalf("%d users, %v", len(l), err)
	}
	if u, ok := l.Find("cem"); !ok || !u.Fits(good) {
		t.Error("the password of cem was lost")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	refused := errors.New("no")
	if err := Change(path, func(List) (List, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Error("a change that failed changed the file")
	}
	if err := os.Chmod(path, 0o620); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a file that others can write: %v", err)
	}
	if left, err := filepath.Glob(path + "*.new"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Root may change the users of a Winnow that is not root's.
func TestOwnerIsKept(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	const other = 65532
	dir := t.TempDir()
	path := filepath.Join(dir, "users")
	if err := os.Chown(dir, other, other); err != nil {
		t.Fatal(err)
	}
	u, err := New("anna", Viewer, good, Least())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // made, then changed
		if err := Change(path, func(l List) (List, error) { return l.With(u), nil }); err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{path, path + ".lock"} {
			info, err := os.Stat(file)
			if err != nil {
				t.Fatal(err)
			}
			if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Uid != other || info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v and belongs to %v", file, info.Mode(), s)
			}
		}
	}
}
