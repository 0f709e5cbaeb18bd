package token

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"winnow/dashboards/desk/access/user"
)

var now = time.Date(2031, 6, 12, 22, 30, 0, 500, time.FixedZone("", 4*3600))

func TestNew(t *testing.T) {
	a, secret, err := New("nightly", user.Viewer, 90*24*time.Hour, now)
	if err != nil || !regexp.MustCompile(`^winnow_[A-Za-z0-9_-]{43}$`).MatchString(secret) {
		t.Fatalf("%q, %v", secret, err)
	}
	b, other, err := New("other", user.Analyst, 0, now)
	if err != nil || secret == other {
		t.Fatalf("%q after %q, %v", other, secret, err)
	}
	l := List{}.With(b).With(a)
	if l[0].Name != "nightly" {
		t.Errorf("the list is not sorted: %s", l)
	}
	if strings.Contains(l.String(), secret) || strings.Contains(l.String(), strings.TrimPrefix(secret, prefix)) {
		t.Errorf("the list holds a secret: %s", l)
	}
	read, err := Parse(l.String())
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]string{
		secret: "nightly", other: "other", "": "", "nightly": "", secret[:len(secret)-1]: "", secret + "A": "", strings.ToLower(secret): "",
		strings.TrimPrefix(secret, prefix): "", " " + secret: "",
	} {
		if got, ok := read.Find(secret); got.Name != want || ok != (want != "") {
			t.Errorf("%.12s: %q, want %q", secret, got.Name, want)
		}
	}
	if found, _ := read.Find(secret); found != a {
		t.Errorf("%+v was read as %+v", a, found)
	}
	until := time.Date(2031, 9, 10, 18, 30, 0, 0, time.UTC)
	if a.Over(until.Add(-time.Second)) || !a.Over(until) || b.Over(until.AddDate(100, 0, 0)) {
		t.Errorf("good until %v and %v", a.Until, b.Until)
	}
	if left := l.Without("nightly"); len(left) != 1 || left[0].Name != "other" {
		t.Errorf("without nightly: %v", left)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		role user.Role
		life time.Duration
		says string
	}{
		{"", user.Viewer, 0, "no name"},
		{"Nightly", user.Viewer, 0, "no name"},
		{"a b", user.Viewer, 0, "no name"},
		{"a\nb", user.Viewer, 0, "no name"},
		{strings.Repeat("a", 33), user.Viewer, 0, "no name"},
		{"a", user.Admin, 0, "no role"},
		{"a", "", 0, "no role"},
		{"a", user.Viewer, -time.Hour, "at most ten years"},
		{"a", user.Viewer, MaxLife + 1, "at most ten years"},
	} {
		if _, secret, err := New(test.name, test.role, test.life, now); secret != "" || err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	hash := strings.Repeat("ab", 32)
	for text, says := range map[string]string{
		"\n":                     "line 1: want a name",
		"a viewer never " + hash: "line 1: want a name",
		"a admin 2031-06-12T18:30:00Z never " + hash:                                                    "no role",
		"A viewer 2031-06-12T18:30:00Z never " + hash:                                                   "no name",
		"a viewer 2031-06-12 never " + hash:                                                             "want when it was made",
		"a viewer 2031-06-12T18:30:00Z soon " + hash:                                                    "want when it was made",
		"a viewer 2031-06-12T18:30:00+04:00 never " + hash:                                              "no line of a token",
		"a viewer 2031-06-12T18:30:00Z never " + hash[2:]:                                               "no line of a token",
		"a viewer 2031-06-12T18:30:00Z never " + hash + "ab":                                            "no line of a token",
		"a viewer 2031-06-12T18:30:00Z never " + strings.ToUpper(hash):                                  "no line of a token",
		"a viewer 2031-06-12T18:30:00Z never " + hash + "\na viewer 2031-06-12T18:30:00Z never " + hash: "line 2: \"a\" stands here twice",
	} {
		l, err := Parse(text)
		if err == nil || l != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
		if err != nil && strings.Contains(err.Error(), "abab") {
			t.Errorf("the error shows the hash: %v", err)
		}
	}
}

// Property: any text is either a list that is written as the same text, of tokens that
// pass every check, or an error.
func FuzzParse(f *testing.F) {
	f.Add("a viewer 2031-06-12T18:30:00Z never " + strings.Repeat("ab", 32) + "\n")
	f.Add("a analyst 2031-06-12T18:30:00Z 2031-06-12T18:30:00Z " + strings.Repeat("00", 32))
	f.Add("\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := Parse(text)
		if err != nil {
			return
		}
		for _, one := range l {
			if err := one.check(); err != nil {
				t.Errorf("accepted, yet %v", err)
			}
		}
		if strings.TrimSuffix(l.String(), "\n") != strings.TrimSuffix(text, "\n") {
			t.Errorf("%q was read as %q", text, l)
		}
	})
}

func TestFile(t *testing.T) {
	path := Path(filepath.Join(t.TempDir(), "users"))
	if l, err := Load(path); l != nil || err != nil {
		t.Fatalf("without a file: %v, %v", l, err)
	}
	one, secret, err := New("nightly", user.Viewer, 0, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := Change(path, func(l List) (List, error) { return l.With(one), nil }); err != nil {
		t.Fatal(err)
	}
	l, err := Load(path)
	if _, ok := l.Find(secret); err != nil || !ok {
		t.Errorf("the token was lost: %v", err)
	}
	refused := errors.New("no")
	if err := Change(path, func(List) (List, error) { return nil, refused }); !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if err := Change(path, func(List) (List, error) { return make(List, maxTokens+1), nil }); err == nil {
		t.Error("too many tokens were kept")
	}
	if err := os.WriteFile(path, []byte("hello\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "line 1") {
		t.Errorf("a file that was spoilt: %v", err)
	}
}
