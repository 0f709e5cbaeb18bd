package evidence

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"winnow/storage/evidence/chain"
)

// loadNotices finds where the notices end, and cuts off one that a crash left unfinished.
func (c *ledger) loadNotices(s *Store) error {
	text, err := c.folder.text(noticesFile)
	if err != nil {
		return err
	}
	list, faults := chain.ReadNotices(c.chain, text)
	c.notice, c.notices, c.noticeBytes = list.Link(c.chain), len(list.List), int64(list.Bytes)
	switch {
	case len(faults) == 0:
		return nil
	case len(faults) == 1 && faults[0].What == chain.CutOff:
		s.o.Log.Warn("evidence: cutting off a notice that a crash left unfinished", "folder", c.dir)
		return cut(c.path(noticesFile), int64(list.Bytes))
	}
	return fmt.Errorf("%s: %s", noticesFile, faults[0])
}

// Witnessed writes down that a head was shown to a witness by some means, such as "mail",
// and keeps what the witness answered, if anything.
func (s *Store) Witnessed(campaign string, h chain.Head, means string, at time.Time, answer []byte) error {
	err := chain.CheckMeans(means)
	if err == nil {
		var c *ledger
		if c, err = s.find(campaign); err == nil {
			err = s.witnessed(c, chain.Notice{Time: at, Head: h, Means: means}, answer)
		}
	}
	if err != nil {
		return fmt.Errorf("write down who was shown the head of %.80q: %w", campaign, err)
	}
	return nil
}

func (s *Store) witnessed(c *ledger, n chain.Notice, answer []byte) (err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.broken != nil {
		return c.broken
	}
	if err := os.MkdirAll(c.path(witnessDir), 0o700); err != nil {
		return err
	}
	// A crash may have left an answer without a notice.
	if err := os.Remove(c.path(answerFile(c.notices + 1))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if answer != nil {
		n.File = chain.Of(answer)
		err := replace(c.path(answerFile(c.notices+1)), func(w io.Writer) error { _, err := w.Write(answer); return err })
		if err != nil {
			return err
		}
	}
	n = chain.NextNotice(c.notice, n)
	path := c.path(noticesFile)
	f, err := s.open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	log := &appended{file: f, size: c.noticeBytes}
	// An earlier one may have failed half way.
	if err := log.undo(); err != nil {
		return err
	}
	if err := log.add([]byte(n.String() + "\n")); err != nil {
		return errors.Join(err, log.undo())
	}
	c.notice, c.notices, c.noticeBytes = n.Link, c.notices+1, log.size
	return errors.Join(syncDir(filepath.Dir(path)), syncDir(c.dir))
}

// Notices lists to whom the heads of a campaign were shown, oldest first.
func (s *Store) Notices(campaign string) ([]chain.Notice, error) {
	c, err := s.find(campaign)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	text, err := c.folder.text(noticesFile)
	if err != nil {
		return nil, err
	}
	list, faults := chain.ReadNotices(c.chain, text)
	if len(faults) > 0 {
		return nil, fmt.Errorf("%s: %s", c.path(noticesFile), faults[0])
	}
	return list.List, nil
}
