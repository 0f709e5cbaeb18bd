package xtest

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

type rule struct {
	ID    string `json:"id"`
	Value string `json:"value"`
	Tag   string `json:"tag,omitempty"`
}

func (s *Server) getRules(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	all := slices.Clone(s.rules)
	s.mu.Unlock()
	start, _ := strconv.Atoi(r.FormValue("pagination_token"))
	size, _ := strconv.Atoi(r.FormValue("max_results"))
	if size <= 0 || size > 1000 {
		size = 1000
	}
	start = min(max(start, 0), len(all))
	end := min(start+size, len(all))
	meta := map[string]any{"result_count": end - start}
	if end < len(all) {
		meta["next_token"] = strconv.Itoa(end)
	}
	out := map[string]any{"meta": meta}
	if end > start {
		out["data"] = all[start:end]
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) postRules(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Add    []rule `json:"add"`
		Delete *struct {
			IDs []string `json:"ids"`
		} `json:"delete"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || len(body.Add) == 0 && body.Delete == nil {
		problem(w, http.StatusBadRequest, "invalid-request", "Invalid Request", "no rules to add or delete")
		return
	}
	dry := r.FormValue("dry_run") == "true"
	s.mu.Lock()
	defer s.mu.Unlock()
	if body.Delete != nil {
		s.deleteRules(w, body.Delete.IDs, dry)
		return
	}
	s.addRules(w, body.Add, dry)
}

func (s *Server) addRules(w http.ResponseWriter, add []rule, dry bool) {
	if len(s.rules)+len(add) > s.o.Rules {
		problem(w, http.StatusUnprocessableEntity, "rule-cap", "RulesCapExceeded", "too many rules")
		return
	}
	var (
		taken    []rule
		problems []any
	)
	for _, a := range add {
		same := slices.IndexFunc(s.rules, func(r rule) bool { return r.Value == a.Value })
		switch why := s.fault(a.Value); {
		case why != "":
			problems = append(problems, map[string]any{
				"value": a.Value, "details": []string{why},
				"title": "UnprocessableEntity", "type": problemType + "invalid-rules",
			})
		case same >= 0:
			problems = append(problems, map[string]any{
				"value": a.Value, "id": s.rules[same].ID,
				"title": "DuplicateRule", "type": problemType + "duplicate-rules",
			})
		default:
			a.ID = strconv.FormatInt(s.newID(s.o.Now()), 10)
			taken = append(taken, a)
		}
	}
	if !dry {
		s.rules = append(s.rules, taken...)
	}
	out := map[string]any{"meta": map[string]any{"summary": map[string]int{
		"created": len(taken), "not_created": len(problems), "valid": len(taken), "invalid": len(problems),
	}}}
	status := http.StatusCreated
	if len(taken) > 0 {
		out["data"] = taken
	} else {
		status = http.StatusBadRequest
	}
	if len(problems) > 0 {
		out["errors"] = problems
	}
	reply(w, status, out)
}

func (s *Server) deleteRules(w http.ResponseWriter, ids []string, dry bool) {
	before := len(s.rules)
	left := slices.DeleteFunc(slices.Clone(s.rules), func(r rule) bool { return slices.Contains(ids, r.ID) })
	if !dry {
		s.rules = left
	}
	out := map[string]any{"meta": map[string]any{"summary": map[string]int{
		"deleted": before - len(left), "not_deleted": len(ids) - before + len(left),
	}}}
	if before-len(left) < len(ids) {
		out["errors"] = []any{map[string]any{
			"title": "Invalid Request", "detail": "Rule does not exist", "type": problemType + "invalid-request",
		}}
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) ruleCounts(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	n := len(s.rules)
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"data": map[string]any{
		"client_app_rules_count": map[string]any{"client_app_id": "1", "rule_count": n},
		"cap_per_client_app":     strconv.Itoa(s.o.Rules), "cap_per_project": strconv.Itoa(s.o.Rules),
		"project_rules_count": strconv.Itoa(n),
	}})
}

// Rules returns the rules, values by tag, in the order they were added.
func (s *Server) Rules() (values, tags []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rules {
		values, tags = append(values, r.Value), append(tags, r.Tag)
	}
	return values, tags
}

// AddRule adds a rule as another program with the same app would.
func (s *Server) AddRule(value, tag string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = append(s.rules, rule{ID: strconv.FormatInt(s.newID(s.o.Now()), 10), Value: value, Tag: tag})
}

// fault says what is wrong with a rule's value, "" if nothing is.
func (s *Server) fault(value string) string {
	most := 1024
	if s.o.Enterprise {
		most = 2048
	}
	if n := utf8.RuneCountInString(value); n > most {
		return "the rule is " + strconv.Itoa(n) + " characters long"
	}
	for _, w := range s.o.Refused {
		if strings.Contains(value, w) {
			return "X has a word with this"
		}
	}
	q := parse(value)
	for _, part := range append(slices.Clone(q.any), q.all...) {
		if !sound(part) {
			return "no viable alternative at input"
		}
	}
	if len(q.any) == 0 {
		return "rules must contain a non-negated, non-stopword operand"
	}
	return ""
}

// query is a rule's or a search's meaning: any of the first, and all of the others.
type query struct{ any, all []string }

var partPattern = regexp.MustCompile(`"[^"]*"?|[()]|[^\s()"]+(?:"[^"]*"?)?`)

// parse reads the language as far as Winnow writes it: clauses joined by OR,
// in brackets if sample: or -is: follows.
func parse(value string) query {
	var q query
	parts := partPattern.FindAllString(value, -1)
	alone := true // whether the next clause stands without OR in front of it
	for _, p := range parts {
		switch {
		case p == "OR":
			alone = false
		case p == "(" || p == ")":
		case strings.HasPrefix(p, "sample:"), strings.HasPrefix(p, "-"):
			q.all = append(q.all, p)
		case len(q.any) > 0 && alone:
			q.all = append(q.all, p) // two clauses side by side: Winnow never means that
		default:
			q.any = append(q.any, p)
			alone = true
		}
	}
	return q
}

// sound reports whether X would understand a clause.
func sound(p string) bool {
	switch {
	case strings.HasPrefix(p, `"`):
		return len(p) > 2 && strings.HasSuffix(p, `"`) && strings.ContainsFunc(p, letterOrSo)
	case strings.HasPrefix(p, "#"):
		return tagPattern.FindString(p) == p
	case strings.HasPrefix(p, "@"):
		return mentionPattern.FindString(p) == p
	case strings.HasPrefix(p, "from:"), strings.HasPrefix(p, "to:"):
		_, name, _ := strings.Cut(p, ":")
		return mentionPattern.FindString("@"+name) == "@"+name
	case strings.HasPrefix(p, "sample:"):
		n, err := strconv.Atoi(p[len("sample:"):])
		return err == nil && n >= 1 && n <= 100
	case p == "-is:retweet":
		return true
	}
	return !strings.ContainsFunc(p, func(r rune) bool { return !letterOrSo(r) && r != '_' })
}

func letterOrSo(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || unicode.IsSymbol(r)
}

// matches reports whether a post is what the query asks for.
func (q query) matches(n *note) bool {
	for _, p := range q.all {
		switch {
		case p == "-is:retweet" && n.of != nil:
			return false
		case strings.HasPrefix(p, "sample:"):
			share, _ := strconv.Atoi(p[len("sample:"):])
			if int(uint64(n.id)*0x9e3779b97f4a7c15>>40%100) >= share {
				return false
			}
		case p != "-is:retweet" && !holds(n, p):
			return false
		}
	}
	return slices.ContainsFunc(q.any, func(p string) bool { return holds(n, p) })
}

func holds(n *note, clause string) bool {
	words := n.words()
	same := func(want string) func(string) bool {
		return func(got string) bool { return strings.EqualFold(got, want) }
	}
	switch {
	case strings.HasPrefix(clause, "#"):
		return slices.ContainsFunc(tagsIn(words), same(clause[1:]))
	case strings.HasPrefix(clause, "@"):
		return slices.ContainsFunc(mentionsIn(words), same(clause[1:]))
	case strings.HasPrefix(clause, "from:"):
		name := clause[len("from:"):]
		return strings.EqualFold(n.user.handle, name) || strconv.FormatInt(n.user.id, 10) == name
	case strings.HasPrefix(clause, "to:"):
		return strings.HasPrefix(strings.ToLower(words), "@"+strings.ToLower(clause[len("to:"):]))
	}
	return strings.Contains(strings.ToLower(words), strings.ToLower(strings.Trim(clause, `"`)))
}
