package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"golang.org/x/net/proxy"
)

// Conn returns a function that connects as New's client does, for what is no HTTP:
// within o.Timeout, to a private network only if o allows it, and through o.Proxy,
// which must be one of SOCKS. The variables of the environment name proxies for HTTP
// and do not count. Its errors do not repeat the proxy's URL.
func Conn(o Options) (func(ctx context.Context, network, address string) (net.Conn, error), error) {
	return buildConn(o, nil)
}

// buildConn is Conn with a resolver of names, nil for the system's.
func buildConn(o Options, resolver *net.Resolver) (func(ctx context.Context, network, address string) (net.Conn, error), error) {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	dialer := &net.Dialer{Timeout: o.Timeout, Resolver: resolver, KeepAlive: 30 * time.Second}
	var through proxy.ContextDialer
	if o.Proxy != "" {
		u, err := parseProxy(o.Proxy)
		if err != nil {
			return nil, err
		}
		if through, err = behindSocks(u, dialer); err != nil {
			return nil, err
		}
	} else if !o.AllowPrivate {
		dialer.ControlContext = control
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, fmt.Errorf("reading an address: %w", err)
		}
		if !o.AllowPrivate {
			if err := checkHost(host); err != nil {
				return nil, err
			}
		}
		if through == nil {
			return dialer.DialContext(ctx, network, address)
		}
		within, cancel := context.WithTimeout(ctx, o.Timeout)
		defer cancel()
		return through.DialContext(within, network, address)
	}, nil
}

// behindSocks connects through a proxy, which resolves the names.
func behindSocks(u *url.URL, direct *net.Dialer) (proxy.ContextDialer, error) {
	if u.Scheme != "socks5" && u.Scheme != "socks5h" {
		return nil, errors.New("only a SOCKS proxy leads to a server that is no web server: write it as socks5h://host:port")
	}
	var auth *proxy.Auth
	if u.User != nil {
		password, _ := u.User.Password()
		auth = &proxy.Auth{User: u.User.Username(), Password: password}
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "1080")
	}
	d, err := proxy.SOCKS5("tcp", host, auth, direct)
	if err != nil {
		return nil, errors.New("the SOCKS proxy cannot be used: look at its address")
	}
	through, ok := d.(proxy.ContextDialer)
	if !ok {
		return nil, errors.New("the SOCKS proxy cannot be used")
	}
	return through, nil
}
