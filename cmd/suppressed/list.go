package suppressed

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"winnow/dashboards/private"
	"winnow/pipeline/post"
)

// Hasher is a secret key; package keyring has it.
type Hasher interface {
	Hash(parts ...string) [32]byte
}

// Key gives the key. It is asked when the first name is to be hashed, which makes it.
type Key func() (Hasher, error)

// mark is what is kept of a name: 128 bits of its hash, so that two names have the same
// with a probability of one in 10^20 even where there are billions of them.
type mark [16]byte

// most is how many names may be on the list: the file holds 1 MB.
const most = 30_000

// fileName is the list's in the data directory.
const fileName = "suppressed"

// List is the accounts of one data directory that are not to be collected. It is safe
// for concurrent use.
type List struct {
	table  private.Table[entries, string]
	key    Key
	change sync.Mutex
	// now is what is looked names up in, nil while it is empty.
	now     atomic.Pointer[lookup]
	metrics *metrics
}

// lookup is the list with its key.
type lookup struct {
	key   Hasher
	marks map[mark]struct{}
}

// entries is the text form: a mark a line.
type entries []string

// String is the inverse of parse.
func (e entries) String() string {
	if len(e) == 0 {
		return ""
	}
	return strings.Join(e, "\n") + "\n"
}

func parse(text string) (entries, error) {
	var out entries
	for line := range strings.Lines(text) {
		digits, whole := strings.CutSuffix(line, "\n")
		if raw, err := hex.DecodeString(digits); err != nil || !whole || len(raw) != len(mark{}) {
			return nil, errors.New("it is damaged: put it back from a backup; without it, accounts that were forgotten are collected again")
		}
		out = append(out, digits)
	}
	return out, nil
}

// Load reads the list of a data directory; there need be none.
func Load(dataDir string, key Key) (*List, error) {
	l := &List{key: key, metrics: newMetrics(), table: private.Table[entries, string]{
		Path: filepath.Join(dataDir, fileName), Entries: "accounts that are not to be collected", Most: most, Parse: parse,
	}}
	have, err := l.table.Load()
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	return l, l.use(have)
}

// use has names looked up in entries.
func (l *List) use(have entries) error {
	l.metrics.entries.Set(float64(len(have)))
	if len(have) == 0 {
		l.now.Store(nil)
		return nil
	}
	key, err := l.key()
	if err != nil {
		return fmt.Errorf("read the accounts that are not to be collected: %w", err)
	}
	n := &lookup{key: key, marks: make(map[mark]struct{}, len(have))}
	for _, e := range have {
		var m mark
		if _, err := hex.Decode(m[:], []byte(e)); err != nil {
			return fmt.Errorf("read the accounts that are not to be collected: %w", err)
		}
		n.marks[m] = struct{}{}
	}
	l.now.Store(n)
	return nil
}

// The kinds of names, as they are hashed.
const (
	byID     = "account"
	byHandle = "handle"
)

func (n *lookup) mark(platform post.Platform, kind, name string) mark {
	sum := n.key.Hash(string(platform), kind, name)
	return mark(sum[:len(mark{})])
}

func (n *lookup) has(platform post.Platform, kind, name string) bool {
	if name == "" {
		return false
	}
	_, ok := n.marks[n.mark(platform, kind, name)]
	return ok
}

// Add puts an account on the list, by its id and its handles; each may be empty.
func (l *List) Add(platform post.Platform, id string, handles []string) error {
	return l.edit(platform, id, handles, func(e entries, marks []string) entries {
		for _, m := range marks {
			if !slices.Contains(e, m) {
				e = append(e, m)
			}
		}
		// The order tells nothing of who came when.
		slices.Sort(e)
		return e
	})
}

// Remove takes an account off the list, and says whether any of its names was on it.
func (l *List) Remove(platform post.Platform, id string, handles []string) (was bool, err error) {
	err = l.edit(platform, id, handles, func(e entries, marks []string) entries {
		return slices.DeleteFunc(e, func(m string) bool {
			found := slices.Contains(marks, m)
			was = was || found
			return found
		})
	})
	return was, err
}

func (l *List) edit(platform post.Platform, id string, handles []string, change func(entries, []string) entries) error {
	l.change.Lock()
	defer l.change.Unlock()
	key, err := l.key()
	if err != nil {
		return fmt.Errorf("change the accounts that are not to be collected: %w", err)
	}
	n := lookup{key: key}
	var marks []string
	add := func(kind, name string) {
		if name != "" {
			m := n.mark(platform, kind, name)
			marks = append(marks, hex.EncodeToString(m[:]))
		}
	}
	add(byID, id)
	for _, h := range handles {
		add(byHandle, post.HandleKey(h))
	}
	var now entries
	err = l.table.Change(func(e entries) (entries, error) {
		now = change(e, marks)
		return now, nil
	})
	if err != nil {
		return err
	}
	return l.use(now)
}

// Len is how many names are on the list.
func (l *List) Len() int {
	if n := l.now.Load(); n != nil {
		return len(n.marks)
	}
	return 0
}
