package token

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/private"
)

// maxTokens bounds the list.
const maxTokens = 500

// List is all tokens, by name.
type List []Token

// Named returns the token of a name.
func (l List) Named(name string) (Token, bool) {
	i := slices.IndexFunc(l, func(t Token) bool { return t.Name == name })
	if i < 0 {
		return Token{}, false
	}
	return l[i], true
}

// With returns the list with a token added, or put in the place of the one of that
// name.
func (l List) With(t Token) List {
	out := append(l.Without(t.Name), t)
	slices.SortFunc(out, func(a, b Token) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Without returns the list without the token of a name.
func (l List) Without(name string) List {
	return slices.DeleteFunc(slices.Clone(l), func(t Token) bool { return t.Name == name })
}

// Parse reads the text of a file of tokens. Its error names the line, and no hash.
func Parse(text string) (List, error) {
	var l List
	for n, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if text == "" {
			break
		}
		t, err := parseLine(line)
		if _, twice := l.Named(t.Name); err == nil && twice {
			err = fmt.Errorf("%q stands here twice; keep one of the two lines", t.Name)
		}
		if err == nil && len(l) == maxTokens {
			err = fmt.Errorf("there are more than %d tokens", maxTokens)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
		l = append(l, t)
	}
	return l, nil
}

// parseLine reads what line writes, and nothing else.
func parseLine(line string) (Token, error) {
	fields := strings.Split(line, " ")
	if len(fields) != 5 {
		return Token{}, errors.New("want a name, a role, two times and a hash with one blank between them")
	}
	t := Token{Name: fields[0], Role: user.Role(fields[1])}
	if err := t.check(); err != nil {
		return Token{}, err
	}
	var err error
	if t.Made, err = time.Parse(time.RFC3339, fields[2]); err == nil && fields[3] != never {
		t.Until, err = time.Parse(time.RFC3339, fields[3])
	}
	if err != nil {
		return Token{}, errors.New("want when it was made and until when it is good, like 2031-06-12T18:30:00Z, or never")
	}
	t.Made, t.Until = t.Made.UTC(), t.Until.UTC()
	hash, err := hex.DecodeString(fields[4])
	if err != nil || copy(t.hash[:], hash) != len(t.hash) || t.line() != line {
		return Token{}, errors.New("this is no line of a token; remove it, and make another by winnow token add")
	}
	return t, nil
}

// String writes the list as Parse reads it.
func (l List) String() string {
	var b strings.Builder
	for _, t := range l {
		b.WriteString(t.line() + "\n")
	}
	return b.String()
}

// Path is where the tokens stand, beside a file of users.
func Path(users string) string { return users + ".tokens" }

func file(path string) private.Table[List, Token] {
	return private.Table[List, Token]{Path: path, Entries: "tokens", Most: maxTokens, Parse: Parse}
}

// Load reads a file of tokens. Without a file there are none.
func Load(path string) (List, error) {
	l, err := file(path).Load()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return l, err
}

// Change replaces a file of tokens, which need not be there yet, by what change makes
// of it. Nobody else can change it at the same time, and a reader sees it before or
// after.
func Change(path string, change func(List) (List, error)) error { return file(path).Change(change) }
