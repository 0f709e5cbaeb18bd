package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/pace"
)

// state is what survives a restart.
type state struct {
	// Version is that of the file's form.
	Version int        `json:"version"`
	Book    alert.Book `json:"book"`
	// Boxes are by the name of the receiver.
	Boxes map[string]*pace.Box `json:"boxes,omitempty"`
}

const (
	version = 1
	// maxState bounds the file, in bytes: names of campaigns, and at most a few
	// hundred alerts a receiver.
	maxState = 64 << 20
)

// load reads the file; one that is not there is an empty state.
func load(path string) (state, error) {
	s := state{Version: version, Boxes: map[string]*pace.Box{}}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("reading what people were told: %w", err)
	}
	if info.Size() > maxState {
		return s, fmt.Errorf("%s is larger than any file of alerts; move it away, and what goes on now is told again", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return s, fmt.Errorf("reading what people were told: %w", err)
	}
	return decode(path, data)
}

func decode(path string, data []byte) (state, error) {
	s := state{}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil || s.Version != version {
		return state{}, fmt.Errorf("%s is damaged, or of another Winnow; move it away, and what goes on now is told again", path)
	}
	if s.Boxes == nil {
		s.Boxes = map[string]*pace.Box{}
	}
	for name, box := range s.Boxes {
		if box == nil {
			delete(s.Boxes, name)
		}
	}
	s.Book.Mend()
	return s, nil
}

// replace writes the file beside and renames it over, so that a crash leaves the
// old or the new one.
func replace(path string, data []byte) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, filepath.Base(path)+".*.new") // with the mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
