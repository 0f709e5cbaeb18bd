package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"winnow/dashboards/desk/access/throttle"
)

// maxSize is the size in bytes at which the log is renamed to ".1", over the one
// before: about a hundred thousand lines each.
const maxSize = 16 << 20

// refusalPace bounds how fast refusals fill the audit log, so that nobody
// can wash out what it says: in a day they fill a seventh of it.
var refusalPace = throttle.Pace{Burst: 100, Interval: 5 * time.Second}

// Entry is one line of the audit log.
type Entry struct {
	Time  time.Time `json:"time"`
	Event Event     `json:"event"`
	// User is a name of the file of users; empty for any other, since people type
	// passwords into the wrong field.
	User string `json:"user,omitempty"`
	// Token is a name of the file of tokens; empty for any other.
	Token string `json:"token,omitempty"`
	Role  string `json:"role,omitempty"`
	// Address is where the request came from; [CommandLine] for none.
	Address string `json:"address"`
	// Campaign and Finding are what was judged or taken out, Verdict what was said;
	// empty for all other events. A campaign that was made or changed has its name.
	Campaign string `json:"campaign,omitempty"`
	Finding  string `json:"finding,omitempty"`
	Verdict  string `json:"verdict,omitempty"`
	// Receiver is whom a test of alerts was sent to, by its name in the configuration;
	// empty for all other events.
	Receiver string `json:"receiver,omitempty"`
	// Unwritten is how many refusals before this one have no line.
	Unwritten int `json:"unwritten,omitempty"`
}

// Event is what happened.
type Event string

// The events of the audit log.
const (
	LoggedIn  Event = "log-in"
	LoggedOut Event = "log-out"
	// Failed is a log-in with a wrong name or password.
	Failed Event = "log-in failed"
	// Throttled is a log-in that was not even looked at.
	Throttled Event = "log-in refused, too many"
	// TokenAdded and TokenRemoved are what somebody did at the command line.
	TokenAdded   Event = "token added"
	TokenRemoved Event = "token removed"
	// TokenRefused is a token that is wrong, or good no more.
	TokenRefused Event = "token refused"
	// TokenThrottled is the same from an address that sent too many of them.
	TokenThrottled Event = "token refused, too many"
	// Judged is a verdict on a finding.
	Judged Event = "verdict"
	// TookOut is a list of a finding's accounts and links that left the desk.
	TookOut Event = "list taken out"
	// AlertTested is a test sent to a receiver of alerts.
	AlertTested Event = "alert tested"
	// CampaignMade and CampaignChanged are what somebody did in the pages.
	CampaignMade    Event = "campaign made"
	CampaignChanged Event = "campaign changed"
	// ReportTaken is a report on a campaign that names accounts.
	ReportTaken Event = "report with names taken out"
	// BundleTaken is a finding's bundle that names accounts and quotes posts.
	BundleTaken Event = "bundle with names taken out"
)

// CommandLine stands for the address of what was done by winnow's commands.
const CommandLine = "command line"

// Log is the audit log: a file of JSON lines that only its owner can read.
// Whatever Write returned for is on the disk.
type Log struct {
	mu        sync.Mutex
	path      string
	file      *os.File
	size      int64
	refusals  time.Time
	unwritten int
}

// Open opens the audit log at a path, and makes it if there is none.
func Open(path string) (*Log, error) {
	l := &Log{path: path}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("open the audit log: %w", err)
	}
	return l, nil
}

func (l *Log) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Chmod(0o600)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	l.file, l.size = f, info.Size()
	return nil
}

// Write appends an entry and waits for the disk.
func (l *Log) Write(e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Event {
	case Failed, Throttled, TokenRefused, TokenThrottled:
		if refusalPace.Try(&l.refusals, e.Time) > 0 {
			l.unwritten++
			return nil
		}
	}
	e.Time, e.Unwritten = e.Time.UTC(), l.unwritten
	line, err := json.Marshal(e)
	if err == nil {
		err = l.append(append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	l.unwritten = 0
	return nil
}

func (l *Log) append(line []byte) error {
	if l.file == nil {
		return fs.ErrClosed
	}
	if l.size > 0 && l.size+int64(len(line)) > maxSize {
		if err := l.rotate(); err != nil {
			return err
		}
	}
	n, err := l.file.Write(line)
	l.size += int64(n)
	if err != nil {
		return err
	}
	return l.file.Sync()
}

// rotate begins a new file. Where that fails the old one goes on.
func (l *Log) rotate() error {
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		return err
	}
	old := l.file
	if err := l.open(); err != nil {
		return err
	}
	return old.Close()
}

// Append writes one entry to the log at a path, which a Winnow that runs may write to
// as well: each line is one write, and it is left to that Winnow to begin another file.
func Append(path string, e Entry) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	_, err := os.Stat(path)
	made := errors.Is(err, fs.ErrNotExist)
	l, err := Open(path)
	if err != nil {
		return err
	}
	e.Time = e.Time.UTC()
	line, err := json.Marshal(e)
	if err == nil {
		_, err = l.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = l.file.Sync()
	}
	if err == nil && made {
		err = giveToFolder(path)
	}
	if err := errors.Join(err, l.Close()); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return nil
}

// giveToFolder gives a log that root began to whom its folder belongs: else the
// Winnow that has it could not write to it, and would let nobody in.
func giveToFolder(path string) error {
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		return os.Chown(path, int(s.Uid), int(s.Gid))
	}
	return nil
}

// Close closes the file.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
