package socket

import (
	"fmt"
	"net/url"
	"strings"
)

// Host is the address of a Jetstream server.
type Host struct {
	name   string
	secure bool
}

// ParseHost reads a host as operators write it: a name, with a port or not,
// which is reached by TLS, or an address with a scheme (ws, wss, http, https).
func ParseHost(s string) (Host, error) {
	raw := s
	if !strings.Contains(raw, "://") {
		raw = "wss://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil {
		return Host{}, fmt.Errorf("%q is no Jetstream host: give a name like jetstream.us-east.bsky.network, or wss://name:port", s)
	}
	switch u.Scheme {
	case "wss", "https":
		return Host{u.Host, true}, nil
	case "ws", "http":
		return Host{u.Host, false}, nil
	}
	return Host{}, fmt.Errorf("%q is no Jetstream host: the scheme must be wss or ws", s)
}

// Name returns the host's name, with its port if that is a special one.
func (h Host) Name() string { return h.name }

func (h Host) url(scheme, path string, query url.Values) string {
	if h.secure {
		scheme += "s"
	}
	u := url.URL{Scheme: scheme, Host: h.name, Path: path, RawQuery: query.Encode()}
	return u.String()
}
