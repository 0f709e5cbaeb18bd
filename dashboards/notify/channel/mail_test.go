package channel

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"winnow/collectors/dial"
)

const mailURL = "smtp://winnow:hunter2@mail.example.org:587/?from=winnow@example.org&to=anna@example.org"

// mailServer is a small SMTP server: it takes mails until a line is refused.
type mailServer struct {
	net.Listener
	// refuse maps the beginning of a line to the answer.
	refuse map[string]string
	mails  chan string
	talk   chan string
	// ended gets something when a connection is over.
	ended chan struct{}
}

func newMailServer(t *testing.T, refuse map[string]string) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{Listener: l, refuse: refuse, mails: make(chan string, 10), talk: make(chan string, 100), ended: make(chan struct{}, 10)}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	return s
}

func (s *mailServer) serve(c net.Conn) {
	defer func() {
		_ = c.Close()
		s.ended <- struct{}{}
	}()
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 mail.example.org ESMTP")
	for in := bufio.NewScanner(c); in.Scan(); {
		line := in.Text()
		s.talk <- line
		refused := ""
		for begin, answer := range s.refuse {
			if strings.HasPrefix(line, begin) {
				refused = answer
			}
		}
		switch {
		case refused != "":
			say(refused)
		case strings.HasPrefix(line, "EHLO"):
			say("250-mail.example.org")
			say("250 AUTH PLAIN")
		case line == "DATA":
			say("354 go on")
			var mail strings.Builder
			for in.Scan() && in.Text() != "." {
				mail.WriteString(in.Text() + "\r\n")
			}
			s.mails <- mail.String()
			say("250 taken")
		case line == "QUIT":
			say("221 bye")
			return
		case strings.HasPrefix(line, "AUTH"):
			say("235 welcome")
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) open(t *testing.T, query string) *Channel {
	t.Helper()
	c, err := Open(Options{URL: "smtp://" + s.Addr().String() + "/?from=winnow@example.org&" + query, AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestMail(t *testing.T) {
	s := newMailServer(t, nil)
	if err := s.open(t, "to=anna@example.org,ben+alerts@example.org").Send(t.Context(), sample); err != nil {
		t.Fatal(err)
	}
	raw := <-s.mails
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != sample.Subject {
		t.Errorf("the subject is %q, %v", subject, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 2 || to[1].Address != "ben+alerts@example.org" {
		t.Errorf("it goes to %v, %v", to, err)
	}
	if from, err := m.Header.AddressList("From"); err != nil || from[0].Name != "Winnow" {
		t.Errorf("it is from %v, %v", from, err)
	}
	if _, err := m.Header.Date(); err != nil {
		t.Error(err)
	}
	for _, key := range []string{"Message-Id", "Auto-Submitted"} {
		if m.Header.Get(key) == "" {
			t.Errorf("it has no %s", key)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.TrimSpace(strings.ReplaceAll(string(body), "\r\n", "\n")) != sample.Text(asIs) {
		t.Errorf("it says %q, %v", body, err)
	}
}

func TestMailRefused(t *testing.T) {
	for _, c := range []struct {
		name, query string
		refuse      map[string]string
		permanent   bool
		says        string
	}{
		{"for a while", "", map[string]string{"MAIL": "451 later"}, false, "answered 451"},
		{"for good", "", map[string]string{"MAIL": "550 hunter2"}, true, "answered 550"},
		{"one of the mailboxes", "", map[string]string{"RCPT TO:<ben": "550 nobody"}, true, "answered 550"},
		{"no TLS where it must be", "&requirestarttls=yes", nil, true, "offers no TLS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newMailServer(t, c.refuse)
			err := s.open(t, "to=anna@example.org,ben@example.org"+c.query).Send(t.Context(), sample)
			var f *Failure
			if !errors.As(err, &f) || f.Permanent != c.permanent || !strings.Contains(f.Error(), c.says) || strings.Contains(f.Error(), "hunter2") {
				t.Fatalf("got %v", err)
			}
			if len(s.mails) > 0 {
				t.Error("a mail went out all the same")
			}
		})
	}
}

// A password is never sent in the clear, though the server would take it.
func TestMailPasswordInTheClear(t *testing.T) {
	s := newMailServer(t, nil)
	c, err := Open(Options{URL: "smtp://winnow:hunter2@" + s.Addr().String() + "/?from=winnow@example.org&to=anna@example.org", AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	// net/smtp makes an exception of this machine, so the server has another name.
	c.sender.(*mail).c.Host = "mail.example.org"
	c.net.dial = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", s.Addr().String())
	}
	if err := c.Send(t.Context(), sample); err == nil {
		t.Error("it was sent")
	}
	<-s.ended
	for len(s.talk) > 0 {
		line := <-s.talk
		if strings.HasPrefix(line, "AUTH") {
			t.Errorf("the server was told %q", line)
		}
	}
}

// A server that takes the connection and then says nothing is given up.
func TestMailServerThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer func() { _ = theirs.Close() }()
		c, err := Open(Options{URL: mailURL})
		if err != nil {
			t.Fatal(err)
		}
		c.net.dial = func(context.Context, string, string) (net.Conn, error) { return ours, nil }
		began := time.Now()
		err = c.Send(t.Context(), sample)
		var f *Failure
		if !errors.As(err, &f) || f.Permanent || time.Since(began) != Timeout {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

func TestMailStaysOutOfPrivateNetworks(t *testing.T) {
	s := newMailServer(t, nil)
	open, err := dial.Conn(dial.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c, err := open(t.Context(), "tcp", s.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("it connected")
	}
}
