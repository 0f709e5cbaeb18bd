package user

import (
	"fmt"

	"winnow/dashboards/desk/access/private"
)

func file(path string) private.File { return private.File{Path: path, What: "the users"} }

// Load reads a file of users. Its error is fs.ErrNotExist if there is none.
func Load(path string) (List, error) {
	text, err := file(path).Read()
	if err != nil {
		return nil, err
	}
	return parseFile(path, text)
}

// parseFile reads the text of the file at path.
func parseFile(path, text string) (List, error) {
	l, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("read the users: %s: %w", path, err)
	}
	return l, nil
}

// Change replaces a file of users, which need not be there yet nor its folder, by what change
// makes of it. Nobody else can change it at the same time, and a reader sees it
// before or after.
func Change(path string, change func(List) (List, error)) error {
	return file(path).Change(func(text string) (string, error) {
		l, err := parseFile(path, text)
		if err != nil {
			return "", err
		}
		if l, err = change(l); err != nil {
			return "", err
		}
		if len(l) > maxUsers {
			return "", fmt.Errorf("there are more than %d users; remove some first", maxUsers)
		}
		return l.String(), nil
	})
}
