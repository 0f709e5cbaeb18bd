package xtest

import (
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"
)

func (s *Server) connections(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	n := len(s.streams) + s.ghosts
	s.mu.Unlock()
	out := map[string]any{"meta": map[string]any{"result_count": n}}
	var data []any
	for i := range n {
		data = append(data, map[string]any{
			"id": strconv.Itoa(i + 1), "endpoint_name": "filtered_stream",
			"connected_at": s.o.Now().UTC().Format(time.RFC3339),
		})
	}
	if data != nil {
		out["data"] = data
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) closeConnections(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	n := len(s.streams) + s.ghosts
	s.ghosts = 0
	s.cut(false)
	s.mu.Unlock()
	reply(w, http.StatusOK, map[string]any{"data": map[string]any{"successful_kills": n, "failed_kills": 0}})
}

// asking is the part of a request that search and counts share.
type asking struct {
	q        query
	from, to time.Time
	since    int64
}

func (s *Server) asking(w http.ResponseWriter, r *http.Request) (a asking, ok bool) {
	now := s.o.Now()
	a = asking{from: now.Add(-7 * 24 * time.Hour), to: now.Add(-s.o.SearchLag)}
	bad := func(detail string) (asking, bool) {
		problem(w, http.StatusBadRequest, "invalid-request", "Invalid Request", detail)
		return a, false
	}
	value := r.FormValue("query")
	a.q = parse(value)
	if n := utf8.RuneCountInString(value); n == 0 || n > 512 || len(a.q.any) == 0 {
		return bad("the query has a bad length or asks for nothing")
	}
	for name, into := range map[string]*time.Time{"start_time": &a.from, "end_time": &a.to} {
		given := r.FormValue(name)
		if given == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, given)
		if err != nil {
			return bad(name + " is no time")
		}
		if name == "start_time" && t.Before(*into) {
			return bad("start_time must not be older than 7 days")
		}
		if name == "end_time" && t.After(*into) {
			return bad("end_time must be before now, by 10 seconds")
		}
		*into = t
	}
	if !a.from.Before(a.to) {
		return bad("end_time must be after start_time")
	}
	a.since, _ = strconv.ParseInt(r.FormValue("since_id"), 10, 64)
	return a, true
}

func (a *asking) matches(n *note) bool {
	return !n.gone && !n.hidden && !n.at.Before(a.from) && n.at.Before(a.to) && n.id > a.since && a.q.matches(n)
}

// search is GET /2/tweets/search/recent: newest first, without retweets.
func (s *Server) search(w http.ResponseWriter, r *http.Request) {
	a, ok := s.asking(w, r)
	if !ok {
		return
	}
	want, ok := s.wanted(w, r)
	if !ok {
		return
	}
	size, _ := strconv.Atoi(r.FormValue("max_results"))
	if size < 10 || size > 100 {
		size = 10
	}
	before, _ := strconv.ParseInt(r.FormValue("next_token"), 36, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	var page []*note
	more := false
	for i := len(s.posts) - 1; i >= 0 && !more; i-- {
		n := s.posts[i]
		if n.of != nil || before != 0 && n.id >= before || !a.matches(n) {
			continue
		}
		if more = len(page) == size; !more {
			page = append(page, n)
			s.bill(n.key())
		}
	}
	meta := map[string]any{"result_count": len(page)}
	if more {
		meta["next_token"] = strconv.FormatInt(page[len(page)-1].id, 36)
	}
	out := want.message(page, nil)
	out["meta"] = meta
	reply(w, http.StatusOK, out)
}

// counts is GET /2/tweets/counts/recent: 100 stretches a page, newest page first.
func (s *Server) counts(w http.ResponseWriter, r *http.Request) {
	a, ok := s.asking(w, r)
	if !ok {
		return
	}
	step := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[r.FormValue("granularity")]
	if step == 0 {
		step = time.Hour
	}
	if until, err := strconv.ParseInt(r.FormValue("next_token"), 36, 64); err == nil {
		a.to = time.UnixMilli(until)
	}
	meta := map[string]any{}
	if start := a.to.Add(-100 * step).Truncate(step); start.After(a.from) {
		a.from = start
		meta["next_token"] = strconv.FormatInt(start.UnixMilli(), 36)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var (
		data  []any
		total int
	)
	for start := a.from; start.Before(a.to); {
		end := start.Truncate(step).Add(step)
		if end.After(a.to) {
			end = a.to
		}
		n := 0
		for _, p := range s.posts {
			if !p.at.Before(start) && p.at.Before(end) && a.matches(p) {
				n++
			}
		}
		data = append(data, map[string]any{
			"start": start.UTC().Format(time.RFC3339Nano), "end": end.UTC().Format(time.RFC3339Nano), "tweet_count": n,
		})
		total += n
		start = end
	}
	meta["total_tweet_count"] = total
	reply(w, http.StatusOK, map[string]any{"data": data, "meta": meta})
}

// lookup is GET /2/tweets.
func (s *Server) lookup(w http.ResponseWriter, r *http.Request) {
	ids := list(r, "ids")
	if len(ids) == 0 || len(ids) > 100 {
		problem(w, http.StatusBadRequest, "invalid-request", "Invalid Request", "1 to 100 ids")
		return
	}
	want, ok := s.wanted(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var (
		page   []*note
		errors []any
	)
	for _, id := range ids {
		n := s.byID[id]
		kind, title := "resource-not-found", "Not Found Error"
		switch {
		case n == nil || s.latest(n.first()).gone:
		case n.hidden:
			kind, title = "not-authorized-for-resource", "Authorization Error"
		default:
			page = append(page, n)
			s.bill(n.key())
			continue
		}
		errors = append(errors, map[string]any{
			"resource_type": "tweet", "resource_id": id, "value": id, "parameter": "ids",
			"title": title, "detail": "could not be read", "type": problemType + kind,
		})
	}
	out := want.message(page, nil)
	if errors != nil {
		out["errors"] = errors
	}
	reply(w, http.StatusOK, out)
}

func (s *Server) usage(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	used, most := s.sent, s.o.Cap
	s.mu.Unlock()
	if most == 0 {
		most = 3_000_000
	}
	reply(w, http.StatusOK, map[string]any{"data": map[string]any{
		"project_id": "1", "cap_reset_day": 14,
		"project_usage": strconv.Itoa(used), "project_cap": strconv.Itoa(most),
	}})
}
