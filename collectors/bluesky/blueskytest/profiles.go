package blueskytest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// Profile is what the network shows of an account.
type Profile struct {
	DID, Handle, Name, Description, Avatar string
	Followers, Follows, Posts              int64
	CreatedAt                              string // RFC 3339
}

// SetProfile shows an account to those who look it up, by identifier or handle.
func (s *Server) SetProfile(p Profile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.profiles[p.DID], s.profiles[strings.ToLower(p.Handle)] = p, p
}

// Lookups counts the look-ups of profiles since the start.
func (s *Server) Lookups() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// Author is the account that Publish posts as.
func (s *Server) Author() string { return author }

func (s *Server) getProfiles(w http.ResponseWriter, r *http.Request) {
	actors := r.URL.Query()["actors"]
	if len(actors) == 0 || len(actors) > 25 {
		refuse(w, true, http.StatusBadRequest, "InvalidRequest", "between 1 and 25 actors")
		return
	}
	list := []map[string]any{}
	s.mu.Lock()
	s.asked++
	for _, a := range actors {
		p, ok := s.profiles[a]
		if !ok {
			continue
		}
		list = append(list, map[string]any{
			"did": p.DID, "handle": p.Handle, "displayName": p.Name, "description": p.Description, "avatar": p.Avatar,
			"followersCount": p.Followers, "followsCount": p.Follows, "postsCount": p.Posts, "createdAt": p.CreatedAt,
		})
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"profiles": list}) // to a client that may be gone
}
