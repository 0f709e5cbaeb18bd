package boards

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"winnow/dashboards/grafana/model"
)

//go:embed queries
var queries embed.FS

// All are the dashboards by the name of their file, without ".json".
func All() (map[string]model.Dashboard, error) {
	s := &sheets{}
	out := map[string]model.Dashboard{
		"campaigns":    campaigns(s),
		"reach":        reach(s),
		"coordination": coordination(s),
		"finding":      finding(s),
		"people":       people(s),
		"coverage":     coverage(s),
		"service":      service(),
	}
	return out, errors.Join(s.wrong...)
}

// sheets reads the query files and keeps what was wrong with them.
type sheets struct{ wrong []error }

// partUse finds {{name}}.
var partUse = regexp.MustCompile(`\{\{(\w+)\}\}`)

// maxDepth is how deep parts may hold parts.
const maxDepth = 4

// sql is the query of a file below queries/, its parts pasted in.
func (s *sheets) sql(name string) string {
	text := s.read(name)
	for range maxDepth {
		if !partUse.MatchString(text) {
			return text
		}
		text = partUse.ReplaceAllStringFunc(text, func(use string) string {
			return s.read("parts/" + strings.Trim(use, "{}"))
		})
	}
	s.wrong = append(s.wrong, fmt.Errorf("query %s: parts hold each other", name))
	return text
}

func (s *sheets) read(name string) string {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		s.wrong = append(s.wrong, fmt.Errorf("reading a query: %w", err))
	}
	return strings.TrimSuffix(string(text), "\n")
}

func (s *sheets) table(name string) model.Target { return model.Table(s.sql(name)) }

func (s *sheets) series(name string) model.Target { return model.Series(s.sql(name)) }
