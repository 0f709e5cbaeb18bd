package notify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

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
