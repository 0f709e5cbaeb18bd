package mastodontest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/collectors/mastodon"
)

// reads reports whether a request may read timelines; if not it is answered.
func (s *Server) reads(w http.ResponseWriter, r *http.Request) bool {
	switch t := token(r); {
	case t == UserToken, t == AppToken && !s.o.Private, t == "" && !s.o.Private:
		return true
	case t == NoScopeToken:
		refuse(w, http.StatusForbidden, "This action is outside the authorized scopes")
	case t == "" || t == AppToken:
		refuse(w, http.StatusUnprocessableEntity, "This method requires an authenticated user")
	default:
		refuse(w, http.StatusUnauthorized, "The access token is invalid")
	}
	return false
}

// page picks the ids of a page from those of all, ascending, as Mastodon does:
// the oldest after min_id, else the newest.
func page(r *http.Request, all []string, most int) []string {
	q := r.URL.Query()
	if n, err := strconv.Atoi(q.Get("limit")); err == nil && n > 0 {
		most = min(most, n)
	}
	var ids []string
	for _, id := range all {
		if v := q.Get("max_id"); v != "" && mastodon.CompareIDs(id, v) >= 0 {
			continue
		}
		if v := q.Get("since_id"); v != "" && mastodon.CompareIDs(id, v) <= 0 {
			continue
		}
		if v := q.Get("min_id"); v != "" && mastodon.CompareIDs(id, v) <= 0 {
			continue
		}
		ids = append(ids, id)
	}
	if len(ids) > most {
		if q.Get("min_id") != "" {
			ids = ids[:most]
		} else {
			ids = ids[len(ids)-most:]
		}
	}
	slices.Reverse(ids)
	return ids
}

// links says where the pages before and after are.
func (s *Server) links(w http.ResponseWriter, r *http.Request, ids []string, full bool, prev string) {
	if len(ids) == 0 {
		return
	}
	at := func(key, id string) string {
		return s.URL() + r.URL.Path + "?" + url.Values{key: {id}, "limit": {"40"}}.Encode()
	}
	var links []string
	if full {
		links = append(links, fmt.Sprintf(`<%s>; rel="next"`, at("max_id", ids[len(ids)-1])))
	}
	links = append(links, fmt.Sprintf(`<%s>; rel="prev"`, at(prev, ids[0])))
	w.Header().Set("Link", strings.Join(links, ", "))
}

// polls reports whether a request is for the newest posts.
func polls(r *http.Request) bool {
	q := r.URL.Query()
	return strings.HasPrefix(r.URL.Path, "/api/v1/timelines") && q.Get("max_id") == "" && q.Get("min_id") == ""
}

// broken does to a poll what is done to a stream, and reports whether it is
// answered already.
func (s *Server) broken(w http.ResponseWriter, r *http.Request) bool {
	s.mu.Lock()
	hush := s.hush
	s.mu.Unlock()
	if hush != nil {
		select {
		case <-hush:
		case <-s.done:
		case <-r.Context().Done():
			// Whoever asked gave up: what asks next is another attempt.
			s.mu.Lock()
			s.served = time.Time{}
			s.mu.Unlock()
			return true
		}
	}
	fresh := r.Context().Value(connKey{}).(*conn).requests.Add(1) == 1 //nolint:errcheck,forcetypeassert // New put it there
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.drop:
		// Clients try once more if a connection was used before.
		s.drop = !fresh
		hangUp(w)
		return true
	case s.goodbye:
		s.goodbye = false
		refuse(w, http.StatusServiceUnavailable, "Going away")
		return true
	}
	s.served = time.Now()
	return false
}

func (s *Server) timeline(w http.ResponseWriter, r *http.Request) {
	if !s.reads(w, r) {
		return
	}
	if s.o.Polling && polls(r) && s.broken(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	byID := make(map[string]*status, len(s.posts))
	var all []string
	if sameTag(r.PathValue("tag"), s.o.Tag) {
		for _, p := range s.posts {
			if !p.deleted {
				byID[p.id] = p
				all = append(all, p.id)
			}
		}
	}
	items := []json.RawMessage{}
	ids := page(r, all, s.o.PageSize)
	for _, id := range ids {
		items = append(items, s.encode(byID[id]))
		byID[id].deleted = byID[id].raw != nil
	}
	s.links(w, r, ids, true, "min_id")
	write(w, items)
}

// named returns the status that a request names; if there is none it is refused,
// and nil comes back. The caller holds the lock.
func (s *Server) named(w http.ResponseWriter, r *http.Request) *status {
	p := s.find(s.uri(r.PathValue("id")))
	if p == nil || p.deleted {
		refuse(w, http.StatusNotFound, "Record not found")
		return nil
	}
	return p
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) {
	if !s.reads(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.named(w, r)
	if p == nil {
		return
	}
	write(w, json.RawMessage(s.encode(p)))
}

func (s *Server) rebloggedBy(w http.ResponseWriter, r *http.Request) {
	if !s.reads(w, r) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.named(w, r)
	if p == nil {
		return
	}
	accounts := make(map[string]int, len(p.boosts))
	var all []string
	for _, b := range p.boosts {
		accounts[b.id] = b.account
		all = append(all, b.id)
	}
	items := []any{}
	ids := page(r, all, s.o.PageSize)
	for _, id := range ids {
		items = append(items, s.account(accounts[id]))
	}
	s.links(w, r, ids, len(ids) == s.o.PageSize, "since_id")
	write(w, items)
}

func (s *Server) instance(w http.ResponseWriter, _ *http.Request) {
	streaming := s.o.Streaming
	if streaming == "" {
		streaming = strings.Replace(s.URL(), "http", "ws", 1)
	}
	write(w, map[string]any{
		"domain": s.Host(), "title": "A fake", "version": "4.5.0", "source_url": "https://fake.example/source",
		"configuration": map[string]any{"urls": map[string]any{"streaming": streaming}},
	})
}

func (s *Server) verifyUser(w http.ResponseWriter, r *http.Request) {
	switch token(r) {
	case UserToken:
		s.mu.Lock()
		defer s.mu.Unlock()
		write(w, s.account(1))
	case NoScopeToken:
		refuse(w, http.StatusForbidden, "This action is outside the authorized scopes")
	case AppToken:
		refuse(w, http.StatusUnprocessableEntity, "This method requires an authenticated user")
	default:
		refuse(w, http.StatusUnauthorized, "The access token is invalid")
	}
}

func (s *Server) verifyApp(w http.ResponseWriter, r *http.Request) {
	switch token(r) {
	case UserToken, AppToken:
		write(w, map[string]any{"name": "winnow", "scopes": []string{"read:statuses"}})
	case NoScopeToken:
		write(w, map[string]any{"name": "winnow", "scopes": []string{"follow"}})
	default:
		refuse(w, http.StatusUnauthorized, "The access token is invalid")
	}
}

// hidden lists whom the account does not want to see: nobody.
func (s *Server) hidden(w http.ResponseWriter, r *http.Request) {
	if authorised(w, r) {
		write(w, []any{})
	}
}

func write(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
