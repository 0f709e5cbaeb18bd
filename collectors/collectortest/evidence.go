package collectortest

import (
	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// unproven says what is wrong with what a post carries of how it came, "" if
// nothing is: where no evidence is kept that is nothing; else it is bytes that the
// collector itself reads as this post and no other, and what was asked for.
func (s *stage) unproven(p *post.Post) string {
	switch {
	case !s.evidence && (p.Raw != nil || p.Query != ""):
		return "it carries what it came in, though no evidence is kept"
	case !s.evidence:
		return ""
	case p.Query == "":
		return "it does not say what was asked for"
	case s.secret(p.Query) != "" || s.secret(string(p.Raw)) != "":
		return "it carries a secret"
	case p.Raw == nil:
		return "it does not carry what it came in"
	}
	var m wire.Message
	s.subject.Decode(p.Raw, &m)
	if len(m.Posts) != 1 || m.Posts[0].ID != p.ID {
		return "what it carries is not what it came in"
	}
	return ""
}
