package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// meter shows progress on one line of a terminal, or as a line every ten
// seconds elsewhere.
type meter struct {
	w        io.Writer
	terminal bool
	now      func() time.Time
	last     time.Time
	width    int
}

func newMeter(w io.Writer, now func() time.Time) *meter {
	m := &meter{w: w, now: now, last: now()}
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil {
			m.terminal = info.Mode()&os.ModeCharDevice != 0
		}
	}
	return m
}

// show prints a line if it is time for one.
func (m *meter) show(format string, args ...any) {
	every := 10 * time.Second
	if m.terminal {
		every = 200 * time.Millisecond
	}
	if m.now().Sub(m.last) < every {
		return
	}
	m.last = m.now()
	line := fmt.Sprintf(format, args...)
	if !m.terminal {
		fmt.Fprintln(m.w, line)
		return
	}
	fmt.Fprintf(m.w, "\r%-*s", m.width, line)
	m.width = len(line)
}

// clear removes the progress line from a terminal.
func (m *meter) clear() {
	if m.terminal && m.width > 0 {
		fmt.Fprintf(m.w, "\r%*s\r", m.width, "")
		m.width = 0
	}
}

// count writes a number with commas between the thousands.
func count[N ~int | ~int64 | ~uint64](n N) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
