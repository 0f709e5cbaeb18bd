package schema

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// Migration is one file: its number and the statements that bring the tables up
// to it, in order, without comments before them or semicolons behind.
type Migration struct {
	Version    int64
	File       string
	Statements []string
}

// Migrations reads the files in the order of their numbers.
func Migrations() ([]Migration, error) {
	names, err := fs.Glob(Files, "*.sql") // sorted
	if err != nil {
		return nil, fmt.Errorf("list migrations: %w", err)
	}
	out := make([]Migration, 0, len(names))
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: its name has no number: %w", name, err)
		}
		text, err := Files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read migration %s: %w", name, err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		out = append(out, Migration{Version: version, File: name, Statements: statements(up)})
	}
	return out, nil
}

// statements cuts a text at its semicolons, those in quotes and comments left out.
func statements(text string) (out []string) {
	begin := 0
	for i := 0; i < len(text); i++ {
		switch {
		case strings.HasPrefix(text[i:], "--"):
			i += max(0, strings.IndexByte(text[i:]+"\n", '\n'))
		case text[i] == '\'':
			for i++; i < len(text) && text[i] != '\''; i++ {
				if text[i] == '\\' {
					i++
				}
			}
		case text[i] == ';':
			if s := bare(text[begin:i]); s != "" {
				out = append(out, s)
			}
			begin = i + 1
		}
	}
	if s := bare(text[min(begin, len(text)):]); s != "" {
		out = append(out, s)
	}
	return out
}

// bare is a statement without the comments and blanks before it.
func bare(s string) string {
	for {
		s = strings.TrimSpace(s)
		if !strings.HasPrefix(s, "--") {
			return s
		}
		_, s, _ = strings.Cut(s, "\n")
	}
}
