package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"
)

// Format is the version of the form that this package writes and reads.
const Format = 1

// manifestName is the last member's.
const manifestName = "manifest.json"

// maxManifest bounds the manifest, in bytes: a line for every 16 MB of the store and
// every file.
const maxManifest = 256 << 20

// Manifest says what a backup holds.
type Manifest struct {
	Format int `json:"format"`
	// MadeAt is when, Version that of the Winnow that made it.
	MadeAt  time.Time `json:"made_at"`
	Version string    `json:"version"`
	// Schema is the version of the store's tables.
	Schema int64 `json:"schema"`
	// Members are all but the manifest, in their order.
	Members []Member `json:"members"`
}

// Member is one file of the archive.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// ErrDamaged says that a backup is not as it was made.
var ErrDamaged = errors.New("the backup is damaged or cut off: use another one")

// ErrNewer says that a backup is of a later form.
var ErrNewer = errors.New("the backup was made by a newer Winnow: restore it with that one")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w (%s)", ErrDamaged, fmt.Sprintf(format, args...))
}

func parseManifest(text []byte) (m Manifest, err error) {
	var form struct {
		Format int `json:"format"`
	}
	if err := json.Unmarshal(text, &form); err != nil {
		return m, damaged("its manifest: %v", err)
	}
	if form.Format > Format {
		return m, ErrNewer
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Format != Format {
		return m, damaged("its manifest is of no known form")
	}
	return m, nil
}

// checkName refuses names that would lead elsewhere when they are unpacked.
func checkName(name string) error {
	if name == "" || len(name) > 4096 || name != path.Clean(name) || path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") ||
		strings.ContainsAny(name, "\\\x00") || name == "." {
		return fmt.Errorf("%.200q is no name for a member of a backup", name)
	}
	return nil
}
