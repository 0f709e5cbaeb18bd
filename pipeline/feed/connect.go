package feed

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

const (
	// maxPayload is the largest message of the embedded log, in bytes: what
	// NATS recommends at most, and what a batch fits in with its headers.
	maxPayload = 64 << 20
	// stateBytes is room for what the log keeps beside the posts.
	stateBytes = 256 << 20
	// startTimeout bounds how long the embedded server may take to look
	// through its files. A log of 4 GiB takes a few seconds on a slow disk.
	startTimeout = 5 * time.Minute
	// connectTimeout bounds each attempt to reach an external server.
	connectTimeout = 10 * time.Second
)

// startServer runs the NATS server inside this process, without any port.
func startServer(o *Options) (*server.Server, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the log's directory: %w", err)
	}
	s, err := server.NewServer(&server.Options{
		ServerName:        "winnow-log",
		DontListen:        true,
		NoSigs:            true,
		JetStream:         true,
		StoreDir:          o.Dir,
		JetStreamMaxStore: o.MaxBytes + stateBytes,
		MaxPayload:        maxPayload,
		MaxPending:        4 * maxPayload,
		// See "What a power cut costs" in the package comment.
		SyncAlways: true,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the log in %s: %w", o.Dir, err)
	}
	s.SetLoggerV2(serverLogger{o.Logger}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(startTimeout) || !s.JetStreamEnabled() {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, fmt.Errorf("start the log in %s: its store did not open; is the directory writable, and is there room on the disk?", o.Dir)
	}
	return s, nil
}

// serverLogger hands on what the embedded server says. None of it holds
// posts: JetStream speaks of streams, sequences and files.
type serverLogger struct{ log *slog.Logger }

func (l serverLogger) Noticef(format string, v ...any) {
	l.log.Debug("log server", "message", fmt.Sprintf(format, v...))
}

func (l serverLogger) Warnf(format string, v ...any) {
	if strings.HasPrefix(format, "Maximum payloads over") {
		// At each start, about maxPayload, which is meant for one client in
		// the same process.
		l.Noticef(format, v...)
		return
	}
	l.log.Warn("log server", "message", fmt.Sprintf(format, v...))
}

func (l serverLogger) Errorf(format string, v ...any) {
	l.log.Error("log server", "message", fmt.Sprintf(format, v...))
}

func (l serverLogger) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

func (l serverLogger) Debugf(string, ...any) {}

func (l serverLogger) Tracef(string, ...any) {}

// connectInside connects to the embedded server.
func connectInside(s *server.Server) (*nats.Conn, error) {
	nc, err := nats.Connect("", nats.InProcessServer(s), nats.NoReconnect(), nats.Name("winnow"))
	if err != nil {
		return nil, fmt.Errorf("connect to the embedded log: %w", err)
	}
	return nc, nil
}

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
			return "", nil, fmt.Errorf("%w: the log's URL must be like nats://host:4222, tls://host:4222, or several of them separated by commas", ErrInvalid)
		}
	}
	params, err := url.ParseQuery(query)
	if err != nil {
		return "", nil, fmt.Errorf("%w: the log's URL has malformed parameters after the question mark", ErrInvalid)
	}
	for name := range params {
		if !slices.Contains([]string{"creds", "ca", "cert", "key"}, name) {
			return "", nil, fmt.Errorf("%w: the log's URL knows the parameters creds, ca, cert and key only", ErrInvalid)
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
		return nil, fmt.Errorf("%w: the log's URL names only one of cert and key", ErrInvalid)
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
