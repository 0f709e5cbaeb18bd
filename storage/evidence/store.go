package evidence

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/prometheus/client_golang/prometheus"

	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/content"
)

// ErrNone is that of a campaign without evidence.
var ErrNone = errors.New("there is no evidence of this campaign")

// Options are those of a store. All have defaults.
type Options struct {
	// Segment is how many records close a segment: 4096.
	Segment int
	// Remember is of how many of the last records of all campaigns it is known that
	// they are kept already: 65,536, which take about 10 MB.
	Remember int
	// Now is for the times of erasing and of beginning; Rand where salts come from.
	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger
	// Metrics may be nil.
	Metrics prometheus.Registerer
}

func (o Options) withDefaults() Options {
	o.Segment = cmp.Or(o.Segment, 4096)
	o.Remember = cmp.Or(o.Remember, 1<<16)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Store is the evidence of a data directory. Its methods may be called side by side.
type Store struct {
	dir     string
	o       Options
	codec   *content.Codec
	metrics *metrics
	seen    *lru.Cache[seenKey, struct{}]
	open    opener

	mu        sync.Mutex
	campaigns map[string]*ledger
}

// Open opens the folder of evidence, which is made if it is missing, and mends what a crash
// left. The caller must own the data directory. An error names the file that is damaged.
func Open(dir string, o Options) (*Store, error) {
	return openWith(dir, o, openAppend)
}

func openWith(dir string, o Options, open opener) (*Store, error) {
	s := &Store{dir: dir, o: o.withDefaults(), open: open, campaigns: map[string]*ledger{}}
	var err error
	if s.codec, err = content.NewCodec(); err != nil {
		return nil, fmt.Errorf("open the evidence: %w", err)
	}
	if s.seen, err = lru.New[seenKey, struct{}](s.o.Remember); err != nil {
		return nil, fmt.Errorf("open the evidence: %w", err)
	}
	if s.metrics, err = newMetrics(s.o.Metrics); err != nil {
		return nil, fmt.Errorf("open the evidence: %w", err)
	}
	if err := s.loadAll(); err != nil {
		return nil, fmt.Errorf("open the evidence in %s: %w", dir, errors.Join(err, s.Close()))
	}
	return s, nil
}

func (s *Store) loadAll() error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	if err := tidy(s.dir); err != nil {
		return err
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || !folderName.MatchString(e.Name()) {
			continue
		}
		c, err := s.load(filepath.Join(s.dir, e.Name()))
		if err != nil {
			return fmt.Errorf("%s: %w; winnow evidence verify says what is wrong there. Put the folder back from a backup, or move it away: then a new chain begins", e.Name(), err)
		}
		s.campaigns[c.name] = c
		s.metrics.last(c.at)
	}
	return nil
}

// Close closes the files. What was appended is safe without.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var err error
	for _, c := range s.campaigns {
		c.mu.Lock()
		err = errors.Join(err, c.close())
		c.mu.Unlock()
	}
	return err
}

// Dir is the folder of the store.
func (s *Store) Dir() string { return s.dir }

// Campaigns lists whose evidence there is, sorted.
func (s *Store) Campaigns() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make([]string, 0, len(s.campaigns))
	for name := range s.campaigns {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Incarnation is the highest incarnation of a log of which something was kept; zero if
// nothing was, or for no store.
func (s *Store) Incarnation() uint64 {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	highest := uint64(0)
	for _, c := range s.campaigns {
		c.mu.Lock()
		highest = max(highest, c.position.Incarnation)
		c.mu.Unlock()
	}
	return highest
}

// Head is the head of a campaign's chain now.
type Head struct {
	chain.Head
	Campaign string
	// Chain names the chain.
	Chain chain.Hash
	// Segment is the one that is open.
	Segment int
	// At is when the last record was received; zero without a record.
	At time.Time
}

// Head returns the head of a campaign. Its error is [ErrNone] if there is nothing.
func (s *Store) Head(campaign string) (Head, error) {
	c, err := s.find(campaign)
	if err != nil {
		return Head{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return Head{Head: c.head(), Campaign: c.name, Chain: c.chain, Segment: c.segment, At: c.at}, nil
}

func (s *Store) find(name string) (*ledger, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.campaigns[name]
	if !ok {
		return nil, fmt.Errorf("%.80q: %w", name, ErrNone)
	}
	return c, nil
}

// begin finds a campaign, or begins its chain.
func (s *Store) begin(name string) (*ledger, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.campaigns[name]; ok {
		return c, nil
	}
	dir := filepath.Join(s.dir, Folder(name))
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is in the way: %w", dir, cmp.Or(err, fs.ErrExist))
	}
	if err := s.found(dir, name); err != nil {
		return nil, err
	}
	c, err := s.load(dir)
	if err != nil {
		return nil, err
	}
	s.campaigns[name] = c
	return c, nil
}

// found makes the folder of a new chain.
func (s *Store) found(dir, name string) error {
	var nonce [32]byte
	if _, err := io.ReadFull(s.o.Rand, nonce[:]); err != nil {
		return fmt.Errorf("draw a random number: %w", err)
	}
	text, err := identity{Campaign: name, Begun: s.o.Now().UTC().Truncate(time.Second), Nonce: hex.EncodeToString(nonce[:])}.text()
	if err != nil {
		return err
	}
	fresh := dir + unfinished
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return err
	}
	err = replace(filepath.Join(fresh, identityFile), func(w io.Writer) error { _, err := w.Write(text); return err })
	if err != nil {
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return err
	}
	return syncDir(s.dir)
}

// Remove deletes all evidence of a campaign, its chain included. Without any it does nothing.
func (s *Store) Remove(campaign string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.campaigns[campaign]
	if !ok {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Gone at once or not at all; what a crash leaves of it is removed by Open.
	gone := c.dir + removed
	err := errors.Join(c.close(), os.RemoveAll(gone))
	if err == nil {
		err = os.Rename(c.dir, gone)
	}
	if err == nil {
		delete(s.campaigns, campaign)
		c.broken = ErrNone
		s.seen.Purge()
		err = errors.Join(syncDir(s.dir), os.RemoveAll(gone), syncDir(s.dir))
	}
	if err != nil {
		return fmt.Errorf("remove the evidence of %.80q: %w", campaign, err)
	}
	return nil
}
