package user

import "winnow/dashboards/private"

func file(path string) private.Table[List, User] {
	return private.Table[List, User]{Path: path, Entries: "users", Most: maxUsers, Parse: Parse}
}

// Load reads a file of users. Its error is fs.ErrNotExist if there is none.
func Load(path string) (List, error) { return file(path).Load() }

// Change replaces a file of users, which need not be there yet nor its folder, by what change
// makes of it. Nobody else can change it at the same time, and a reader sees it
// before or after.
func Change(path string, change func(List) (List, error)) error { return file(path).Change(change) }
