package xtest

import (
	"net/http"
	"strings"
)

// Publish makes a post with the text and, if it lacks it, Options.Tag.
func (s *Server) Publish(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.write(s.tagged(text), nil)
	s.announce(n)
	return n.key()
}

func (s *Server) tagged(text string) string {
	if strings.Contains(text, s.o.Tag) {
		return text
	}
	return text + " " + s.o.Tag
}

// PublishOther makes a post that need not belong to the campaign.
func (s *Server) PublishOther(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.write(text, nil)
	s.announce(n)
	return n.key()
}

// Repost makes a retweet of a post and returns its id, "" if there is no such post.
func (s *Server) Repost(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	of := s.latest(id)
	if of == nil || of.gone {
		return ""
	}
	n := s.write("", of)
	s.announce(n)
	return n.key()
}

// Edit makes a new version of a post, which has an id of its own. The v1.1
// stream knows no edits.
func (s *Server) Edit(id, text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.latest(id)
	if s.o.Classic || old == nil || old.gone {
		return false
	}
	old.gone = true // a search gives the latest version only
	at := s.o.Now().UTC()
	n := &note{id: s.newID(at), at: at, text: s.tagged(text), user: old.user}
	n.versions = append(append(n.versions, old.versions...), n.id)
	s.keep(n)
	s.announce(n)
	return true
}

// Delete removes a post. The v1.1 stream says so; where the v2 one is asked
// for, only a look-up finds out.
func (s *Server) Delete(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.latest(id)
	if n == nil {
		return false
	}
	n.gone = true
	for st := range s.streams {
		if st.classic {
			st.push(s.frame(deletion(n, s.o.Now())))
		}
	}
	return s.o.Classic
}

// Hide suspends the author of a post: a look-up is not allowed to see it.
func (s *Server) Hide(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.latest(id); n != nil {
		n.hidden = true
	}
}

// DeleteFirst announces the deletion of a post and then the post, on the v1.1
// stream; "" where v2 is spoken.
func (s *Server) DeleteFirst(text string) string {
	if !s.o.Classic {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.write(s.tagged(text), nil)
	for st := range s.streams {
		if st.classic {
			st.push(s.frame(deletion(n, s.o.Now())))
		}
	}
	s.announce(n)
	n.gone = true
	return n.key()
}

// Again sends the latest version of a post once more.
func (s *Server) Again(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.latest(id); n != nil {
		s.announce(n)
	}
}

// Raw sends a message to every open stream.
func (s *Server) Raw(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		st.push(s.frame(message))
	}
}

// Cut ends every stream in the middle of whatever it was saying.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut(s.haunted)
}

func (s *Server) cut(haunted bool) {
	for st := range s.streams {
		delete(s.streams, st)
		if haunted {
			s.ghosts++
		}
		if st.conn != nil {
			_ = st.conn.Close()
		}
	}
}

// End ends every stream with the message that it ends.
func (s *Server) End() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		goodbye := []byte(`{"errors":[{"title":"operational-disconnect",` +
			`"disconnect_type":"UpstreamOperationalDisconnect",` +
			`"detail":"This stream has been disconnected upstream for operational reasons.",` +
			`"type":"` + problemType + `operational-disconnect"}]}`)
		if st.classic {
			goodbye = []byte(`{"disconnect":{"code":1,"stream_name":"app-filter","reason":"Shutdown"}}`)
		}
		st.push(s.frame(goodbye))
		st.mu.Lock()
		st.ending = true
		st.mu.Unlock()
		st.nudge()
		delete(s.streams, st)
	}
}

// EOF ends every stream well, without a word.
func (s *Server) EOF() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for st := range s.streams {
		st.mu.Lock()
		st.ending = true
		st.mu.Unlock()
		st.nudge()
		delete(s.streams, st)
	}
}

// Haunt makes streams that break stay counted until somebody closes all
// connections, as X's do now and then.
func (s *Server) Haunt(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.haunted = on
}

// Silence holds every byte back.
func (s *Server) Silence(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.silent = on
	for st := range s.streams {
		st.nudge()
	}
}

// Answer makes every new request be answered with a status.
func (s *Server) Answer(status int, header http.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.header = status, header
}

// Refuse makes every new request fail before it is answered.
func (s *Server) Refuse(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse = on
}

// Frame changes how messages are cut and written.
func (s *Server) Frame(newline string, size int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newline, s.hold = newline, size
}

// Open counts the open streams, ghosts left out.
func (s *Server) Open() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.streams)
}

// Attempts counts the streams asked for.
func (s *Server) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}
