package channel

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"winnow/collectors/dial"
	"winnow/dashboards/notify/message"
)

// Timeout bounds one attempt to send, whatever a server does.
const Timeout = 30 * time.Second

// Options are how a receiver is reached.
type Options struct {
	// URL is the address in shoutrrr's form, such as ntfy://ntfy.sh/topic. It is a
	// secret.
	URL string
	// Proxy and AllowPrivate are those of dial.Options. Mail needs a SOCKS proxy.
	Proxy        string
	AllowPrivate bool
	UserAgent    string

	// http replaces the client, for tests.
	http *http.Client
}

// Channel sends to one receiver. It is safe for concurrent use.
type Channel struct {
	sender sender
	net    network
}

// sender puts a message for one kind of channel.
type sender interface {
	send(ctx context.Context, n network, m message.Message) error
}

// network is how anything gets out.
type network struct {
	http *http.Client
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	// private allows what is not encrypted.
	private bool
}

// Open reads an address and prepares to send; it asks no network. Its errors never
// repeat the address.
func Open(o Options) (*Channel, error) {
	s, err := parse(o.URL, o.AllowPrivate)
	if err != nil {
		return nil, err
	}
	via := dial.Options{Proxy: o.Proxy, AllowPrivate: o.AllowPrivate, UserAgent: o.UserAgent}
	n := network{http: o.http, private: o.AllowPrivate}
	if _, mail := s.(*mail); mail {
		if n.dial, err = dial.Conn(via); err != nil {
			return nil, err
		}
	}
	if n.http == nil {
		if n.http, err = dial.New(via); err != nil {
			return nil, err
		}
	}
	return &Channel{sender: s, net: n}, nil
}

// Place is where a channel leads, without who is reached there and by which right.
type Place struct {
	// Kind is the beginning of its address, such as ntfy; Host is the server.
	Kind, Host string
}

// PlaceOf reads where an address leads. Its errors do not repeat it.
func PlaceOf(address string, private bool) (Place, error) {
	s, err := parse(address, private)
	if err != nil {
		return Place{}, err
	}
	scheme, _, _ := strings.Cut(address, ":")
	kind, _, _ := strings.Cut(strings.ToLower(scheme), "+")
	return Place{Kind: kind, Host: s.host()}, nil
}

// Check says what is wrong with an address, in words that do not repeat it.
func Check(address string, private bool) error {
	_, err := parse(address, private)
	return err
}

// Send tries once to deliver a message, for at most Timeout. Its errors are
// *Failure, and hold no secret.
func (c *Channel) Send(ctx context.Context, m message.Message) error {
	within, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	err := c.sender.send(within, c.net, m)
	if err == nil {
		return nil
	}
	if within.Err() != nil && ctx.Err() == nil {
		return &Failure{Err: fmt.Errorf("no answer within %v", Timeout)}
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Err: bare(err)}
}

// Failure is why a message was not delivered.
type Failure struct {
	// Permanent is true if it will fail again until somebody changes something.
	Permanent bool
	// After is how long the receiver asked to wait, 0 if it did not.
	After time.Duration
	Err   error
}

// Error is the reason in words, without a secret.
func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns the reason.
func (f *Failure) Unwrap() error { return f.Err }

// bare takes the URL out of an error of a request, since tokens stand in it.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// shown is a word of a receiver's answer for people: one line, and short.
func shown(s string) string {
	s = message.Line(s)
	if r := []rune(s); len(r) > 120 {
		s = strings.TrimSpace(string(r[:120])) + "…"
	}
	return s
}
