package strict

import (
	"fmt"
	"strings"
)

// Problem is one mistake in a configuration.
type Problem struct {
	// File and Line say where it stands; Line is 0 if nowhere, because
	// something is missing or nothing was read from a file.
	File string
	Line int
	// Path is the key, such as campaigns[0].declared[1].to; empty for the
	// file as a whole.
	Path string
	// Text says what is wrong; what to do; never what a secret is.
	Text string
}

// Error is the problem in one line.
func (p Problem) Error() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems are all mistakes of a configuration, in the file's order.
type Problems []Problem

// Error is one line a problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}
