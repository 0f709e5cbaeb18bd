package app

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// certificate is the desk's for https. It is read again when its file changes:
// certificates are renewed every few weeks, and a restart would be a gap.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu   sync.Mutex
	read time.Time // when the file was changed that pair is from
	pair *tls.Certificate
}

func loadCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log}
	info, err := os.Stat(cert)
	if err != nil {
		return nil, fmt.Errorf("reading desk.tls_cert_file: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("reading desk.tls_cert_file and desk.tls_key_file: %w", err)
	}
	c.read, c.pair = info.ModTime(), &pair
	return c, nil
}

// get returns the certificate for a connection. A renewed one that cannot be read,
// as between writing its two files, leaves the one before.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err != nil || info.ModTime().Equal(c.read) {
		return c.pair, nil //nolint:nilerr // the one before still is one
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return c.pair, nil //nolint:nilerr // as above; expiry is for the reader's browser to tell
	}
	c.read, c.pair = info.ModTime(), &pair
	c.log.Info("certificate of the desk read again")
	return c.pair, nil
}

// config is what a server needs.
func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}
