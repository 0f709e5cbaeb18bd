package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"winnow/cmd/config"
	"winnow/cmd/control"
	"winnow/pipeline/feed"
	"winnow/storage"
	"winnow/storage/backup"
)

// The members of a backup: the tables of the store, where sources go on, and all other
// files of the data directory.
const (
	backupStore   = "store/"
	backupTable   = ".native"
	backupCursors = "cursors.json"
	backupFiles   = "files/"
)

// backupCursor is where a source goes on.
type backupCursor struct {
	Source string `json:"source"`
	Cursor []byte `json:"cursor"`
}

// Backup writes all that the data directory holds as one stream. Posts that come meanwhile
// wait in the log, and are not in it.
func (r *Running) Backup(ctx context.Context, w io.Writer) error {
	r.forgetting.Lock()
	defer r.forgetting.Unlock()
	var cursors []backupCursor
	err := r.log.Quiet(ctx, func(ctx context.Context) error {
		at, err := r.log.Cursors(ctx)
		if err != nil {
			return err
		}
		for source, cursor := range at {
			cursors = append(cursors, backupCursor{source, cursor})
		}
		// Before anything is published again: the cursors are those of what is stored.
		r.writing.Lock()
		return nil
	})
	if err != nil {
		return err
	}
	defer r.writing.Unlock()
	return r.settle.Still(ctx, func(ctx context.Context) error { return r.backup(ctx, w, cursors) })
}

func (r *Running) backup(ctx context.Context, w io.Writer, cursors []backupCursor) error {
	version, err := storage.SchemaVersion()
	if err != nil {
		return err
	}
	out, err := backup.NewWriter(w, backup.Manifest{MadeAt: r.now().Truncate(time.Second), Version: r.about.Version, Schema: version})
	if err != nil {
		return err
	}
	err = r.store.Dump(ctx, func(table string, rows io.Reader) error { return out.Add(backupStore+table+backupTable, rows) })
	if err != nil {
		return err
	}
	text, err := json.Marshal(cursors)
	if err != nil {
		return fmt.Errorf("writing where the sources go on: %w", err)
	}
	if err := out.Add(backupCursors, bytes.NewReader(text)); err != nil {
		return err
	}
	err = otherFiles(r.dataDir, func(name string) error {
		f, err := os.Open(filepath.Join(r.dataDir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it was half written
		}
		if err != nil {
			return err
		}
		return errors.Join(out.Add(backupFiles+filepath.ToSlash(name), f), f.Close())
	})
	if err != nil {
		return err
	}
	return out.Close()
}

// otherFiles calls f with the name of each file of a data directory that belongs neither
// to the log nor to the store, and is neither a lock nor half written.
func otherFiles(dataDir string, f func(name string) error) error {
	err := filepath.WalkDir(dataDir, func(at string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dataDir, at)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "log" || name == "store"):
			return filepath.SkipDir
		case !d.Type().IsRegular(), strings.HasSuffix(name, ".lock"), strings.HasSuffix(name, ".new"):
			return nil
		}
		return f(name)
	})
	if err != nil {
		return fmt.Errorf("copying the files of the data directory: %w", err)
	}
	return nil
}

// ErrNotEmpty says that a data directory is in use.
var ErrNotEmpty = errors.New("the data directory is not empty: restore into another one, which --data names")

// Restore makes a data directory of a backup. Open opens it; it is read twice, once to
// check it before anything is touched. If it fails nothing is left.
func Restore(ctx context.Context, cfg config.Config, deps Deps, open func() (io.ReadCloser, error)) (m backup.Manifest, err error) {
	a, err := New(cfg, deps)
	if err != nil {
		return m, err
	}
	if err := emptyDir(cfg.DataDir); err != nil {
		return m, err
	}
	in, err := open()
	if err != nil {
		return m, err
	}
	m, err = backup.Check(in)
	err = errors.Join(err, in.Close())
	if err == nil {
		err = storage.Restorable(m.Schema)
	}
	for i := 0; err == nil && i < len(m.Members); i++ {
		_, err = memberOf(m.Members[i].Name)
	}
	if err != nil {
		return m, err
	}
	lock, err := control.Lock(cfg.DataDir)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clearDir(cfg.DataDir))
		}
		err = errors.Join(err, lock.Unlock())
	}()
	if err := emptyDir(cfg.DataDir); err != nil { // nobody else may make it any more
		return m, err
	}
	o, _, closeEngine, err := a.reachStore(ctx)
	if err != nil {
		return m, err
	}
	var cursors []backupCursor
	err = storage.Restore(ctx, o, m.Schema, func(_ context.Context, put func(string, io.Reader) error) error {
		in, err := open()
		if err != nil {
			return err
		}
		return errors.Join(backup.Each(in, m, func(name string, r io.Reader) error {
			if name == backupCursors {
				return json.NewDecoder(r).Decode(&cursors)
			}
			return restoreMember(cfg.DataDir, name, r, put)
		}), in.Close())
	})
	err = errors.Join(err, closeEngine())
	if err != nil {
		return m, err
	}
	return m, a.restoreCursors(ctx, cursors)
}

// member is what a member of a backup is: one of a table, a file, or the cursors.
type member struct{ table, file string }

// memberOf tells by its name.
func memberOf(name string) (m member, err error) {
	whole, _, _ := strings.Cut(name, backup.Piece)
	table, isTable := strings.CutPrefix(whole, backupStore)
	table, isRows := strings.CutSuffix(table, backupTable)
	file, isFile := strings.CutPrefix(name, backupFiles)
	first, _, _ := strings.Cut(file, "/")
	switch {
	case isTable && isRows:
		return member{table: table}, nil
	case isFile && filepath.IsLocal(path.Clean(file)) && first != "log" && first != "store" && first != control.LockName:
		return member{file: file}, nil
	case whole == backupCursors:
		return member{}, nil
	}
	return m, fmt.Errorf("the backup has %.80q, which this program does not know: restore it with the Winnow that made it", name)
}

// restoreMember puts one member of a backup where it belongs.
func restoreMember(dataDir, name string, r io.Reader, put func(string, io.Reader) error) error {
	m, err := memberOf(name)
	if err != nil {
		return err
	}
	if m.table != "" {
		return put(m.table, r)
	}
	file := m.file
	at := filepath.Join(dataDir, filepath.FromSlash(file))
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return fmt.Errorf("restoring %.80q: %w", file, err)
	}
	f, err := os.OpenFile(at, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("restoring %.80q: %w", file, err)
	}
	_, err = io.Copy(f, r)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("restoring %.80q: %w", file, err)
	}
	return nil
}

// restoreCursors makes the log, and has every source go on where it was.
func (a *App) restoreCursors(ctx context.Context, cursors []backupCursor) (err error) {
	log, err := feed.Open(ctx, feed.Options{Dir: a.logDir(), URL: a.cfg.Log.URL.Reveal(), MaxBytes: int64(a.cfg.Log.MaxBytes), Logger: a.deps.Log})
	if err != nil {
		return fmt.Errorf("opening the log: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if have, err := log.Cursors(ctx); err != nil {
		return err
	} else if len(have) > 0 {
		return errors.New("the log that log.url names is not empty: restore beside a new one")
	}
	for _, c := range cursors {
		if err := log.Publish(ctx, feed.Batch{Source: c.Source, Cursor: c.Cursor}); err != nil {
			return fmt.Errorf("restoring where a source goes on: %w", err)
		}
	}
	return nil
}

// emptyDir returns ErrNotEmpty if there is anything in a data directory but its lock.
func emptyDir(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking at the data directory: %w", err)
	}
	for _, f := range files {
		if f.Name() != control.LockName {
			return fmt.Errorf("%w (%s)", ErrNotEmpty, dir)
		}
	}
	return nil
}

// clearDir removes all that is in a data directory but its lock.
func clearDir(dir string) error {
	files, err := os.ReadDir(dir)
	errs := []error{err}
	for _, f := range files {
		if f.Name() != control.LockName {
			errs = append(errs, os.RemoveAll(filepath.Join(dir, f.Name())))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("clearing the data directory: %w", err)
	}
	return nil
}

// Stop ends Run soon, after whoever asked has their answer.
func (r *Running) Stop(context.Context) error {
	const soon = 100 * time.Millisecond
	time.AfterFunc(soon, r.stop)
	return nil
}
