package private

import "fmt"

// Table is a file that holds a list, one entry a line.
type Table[L interface {
	~[]E
	fmt.Stringer
}, E any] struct {
	Path string
	// Entries names what is in it, for errors: "users".
	Entries string
	// Most is how many it may hold.
	Most int
	// Parse reads the text, of which the list's String is the inverse.
	Parse func(text string) (L, error)
}

func (t Table[L, E]) file() File { return File{Path: t.Path, What: "the " + t.Entries} }

// Load reads the list. Its error is fs.ErrNotExist if there is no file.
func (t Table[L, E]) Load() (L, error) {
	text, err := t.file().Read()
	if err != nil {
		return nil, err
	}
	return t.parse(text)
}

func (t Table[L, E]) parse(text string) (L, error) {
	l, err := t.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read the %s: %s: %w", t.Entries, t.Path, err)
	}
	return l, nil
}

// Change replaces the list by what change makes of it, as [File.Change] does.
func (t Table[L, E]) Change(change func(L) (L, error)) error {
	return t.file().Change(func(text string) (string, error) {
		l, err := t.parse(text)
		if err != nil {
			return "", err
		}
		if l, err = change(l); err != nil {
			return "", err
		}
		if len(l) > t.Most {
			return "", fmt.Errorf("there are more than %d %s; remove some first", t.Most, t.Entries)
		}
		return l.String(), nil
	})
}
