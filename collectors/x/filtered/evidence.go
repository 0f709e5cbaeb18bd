package filtered

import (
	"strings"

	"winnow/collectors/wire"
	"winnow/collectors/x/api"
	"winnow/collectors/x/rules"
	v2 "winnow/collectors/x/v2"
	"winnow/pipeline/campaign"
)

// asked says what posts were the answer to, for those that are evidence.
type asked struct {
	// byTag are the rules of the stream by the tag under which X names those
	// that a post matched. Some rules may share one.
	byTag map[string]string
}

// newAsked returns nil where no campaign keeps evidence.
func newAsked(o *Options) *asked {
	if !campaign.AnyEvidence(o.Campaigns) {
		return nil
	}
	a := &asked{byTag: map[string]string{}}
	all, _ := rules.Build(o.Campaigns, o.rules(100))
	for _, r := range all {
		if before, ok := a.byTag[r.Tag]; ok {
			r.Value = before + " | " + r.Value
		}
		a.byTag[r.Tag] = r.Value
	}
	return a
}

// line prepares m for a line of the stream. The sample that X may take of what
// the rules match is left out.
func (a *asked) line(m *wire.Message, line []byte) {
	if a == nil {
		return
	}
	query := []string{api.StreamPath}
	for _, tag := range v2.RuleTags(line) {
		query = append(query, "rule "+tag+": "+a.byTag[tag])
	}
	m.Evidence, m.Query = true, strings.Join(query, "\n")
}

// page prepares m for a page that came for a query.
func (a *asked) page(m *wire.Message, query string) {
	if a != nil {
		m.Evidence, m.Query = true, query
	}
}
