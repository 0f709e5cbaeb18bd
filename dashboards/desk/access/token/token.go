package token

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"time"

	"winnow/dashboards/desk/access/user"
)

// prefix begins every token, so that a scanner for secrets knows one when it sees it.
const prefix = "winnow_"

// secretBytes is the length of a token before it is encoded.
const secretBytes = 32

// nameForm is what a name may be: it goes into the audit log and a file of lines.
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

// MaxLife bounds how long a token that ends at all is good for.
const MaxLife = 3660 * 24 * time.Hour

// Token lets a program read the JSON API.
type Token struct {
	Name string
	Role user.Role
	// Made is when it was made. Until is when it is good no more; zero for never.
	Made, Until time.Time
	hash        [sha256.Size]byte
}

// New makes a token that is good for life from now on, or for ever for 0. It returns
// the secret too, which is kept nowhere.
func New(name string, role user.Role, life time.Duration, now time.Time) (t Token, secret string, err error) {
	// The file holds whole seconds.
	t = Token{Name: name, Role: role, Made: now.UTC().Truncate(time.Second)}
	if life < 0 || life > MaxLife {
		return Token{}, "", fmt.Errorf("a token is good for at most ten years; for one that never ends leave out how long")
	}
	if life > 0 {
		t.Until = now.UTC().Add(life).Truncate(time.Second)
	}
	if err := t.check(); err != nil {
		return Token{}, "", err
	}
	raw := make([]byte, secretBytes)
	_, _ = rand.Read(raw) // it never fails
	secret = prefix + base64.RawURLEncoding.EncodeToString(raw)
	t.hash = sha256.Sum256([]byte(secret))
	return t, secret, nil
}

// CheckName says whether a token can be called so.
func CheckName(name string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("%.40q is no name for a token; write at most 32 small letters, digits, and . _ - between them", name)
	}
	return nil
}

func (t Token) check() error {
	if err := CheckName(t.Name); err != nil {
		return err
	}
	// Nothing that an admin alone may do is for a program.
	if t.Role != user.Viewer && t.Role != user.Analyst {
		return fmt.Errorf("%.40q is no role of a token; write viewer or analyst", string(t.Role))
	}
	return nil
}

// Over says whether the token is good no more.
func (t Token) Over(now time.Time) bool { return !t.Until.IsZero() && !now.Before(t.Until) }

// never stands for a time that does not come.
const never = "never"

func (t Token) line() string {
	until := never
	if !t.Until.IsZero() {
		until = t.Until.Format(time.RFC3339)
	}
	return t.Name + " " + string(t.Role) + " " + t.Made.Format(time.RFC3339) + " " + until + " " + hex.EncodeToString(t.hash[:])
}

// Find returns the token of a secret, one that is over too. The time it takes tells
// nothing of any token's secret: hashes are compared, each to its end, and all of
// them.
func (l List) Find(secret string) (Token, bool) {
	given := sha256.Sum256([]byte(secret))
	found := -1
	for i := range l {
		if subtle.ConstantTimeCompare(l[i].hash[:], given[:]) == 1 {
			found = i
		}
	}
	if found < 0 {
		return Token{}, false
	}
	return l[found], true
}
