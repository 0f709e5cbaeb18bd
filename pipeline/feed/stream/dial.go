package stream

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"winnow/pipeline/feed/codec"
)

// connectTimeout bounds each attempt to reach an external server.
const connectTimeout = 10 * time.Second

// connectOutside connects to an external server. Its errors never show the
// URL, which may hold a password.
func connectOutside(o *Options) (*nats.Conn, error) {
	servers, opts, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	opts = append(
		opts,
		nats.Name("winnow"),
		nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				o.Logger.Warn("log server lost; reconnecting", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { o.Logger.Info("log server reached again") }),
	)
	nc, err := nats.Connect(servers, opts...)
	if err != nil {
		return nil, fmt.Errorf("connect to the log's NATS server: %w; is it running, and are user and password right?", err)
	}
	return nc, nil
}

// parseURL splits the URL of an external server into what nats.Connect wants:
// the servers, and the options that the parameters name.
func parseURL(raw string) (string, []nats.Option, error) {
	servers, query, _ := strings.Cut(raw, "?")
	for one := range strings.SplitSeq(servers, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || !slices.Contains([]string{"nats", "tls", "ws", "wss"}, u.Scheme) {
			return "", nil, fmt.Errorf("%w: the log's URL must be like nats://host:4222, tls://host:4222, or several of them separated by commas", codec.ErrInvalid)
		}
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return "", nil, fmt.Errorf("%w: the log's URL has malformed parameters after the question mark", codec.ErrInvalid)
	}
	for name := range params {
		if !slices.Contains([]string{"creds", "ca", "cert", "key"}, name) {
			return "", nil, fmt.Errorf("%w: the log's URL knows the parameters creds, ca, cert and key only", codec.ErrInvalid)
		}
	}
	var opts []nats.Option
	if file := params.Get("creds"); file != "" {
		if _, err := os.Stat(file); err != nil {
			return "", nil, fmt.Errorf("find the log's NATS credentials: %w", err)
		}
		opts = append(opts, nats.UserCredentials(file))
	}
	conf, err := tlsConfig(params.Get("ca"), params.Get("cert"), params.Get("key"))
	if err != nil {
		return "", nil, err
	}
	if conf != nil {
		opts = append(opts, nats.Secure(conf))
	}
	return servers, opts, nil
}

// tlsConfig returns nil if no file is named: nats.Connect then decides by the
// URL's scheme and what the server asks for.
func tlsConfig(ca, cert, key string) (*tls.Config, error) {
	if ca == "" && cert == "" && key == "" {
		return nil, nil
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return nil, fmt.Errorf("read the log's certificate authority: %w", err)
		}
		conf.RootCAs = x509.NewCertPool()
		if !conf.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("read the log's certificate authority: no PEM certificate in %s", ca)
		}
	}
	if (cert == "") != (key == "") {
		return nil, fmt.Errorf("%w: the log's URL names only one of cert and key", codec.ErrInvalid)
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return nil, fmt.Errorf("read the log's client certificate from %s and %s: %w", cert, key, err)
		}
		conf.Certificates = []tls.Certificate{pair}
	}
	return conf, nil
}
