package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// writeCertificate writes one for localhost with a serial number, changed at a
// moment.
func writeCertificate(t *testing.T, dir string, serial int64, at time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	err = errors.Join(
		os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}), 0o600),
		os.Chtimes(cert, at, at),
	)
	if err != nil {
		t.Fatal(err)
	}
	return cert, key
}

// WriteCertificate is for the tests outside the package.
func WriteCertificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	return writeCertificate(t, dir, 1, time.Now())
}

func serial(t *testing.T, c *certificate) int64 {
	t.Helper()
	pair, err := c.get(&tls.ClientHelloInfo{})
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf.SerialNumber.Int64()
}

// A renewed certificate is used without a restart; one that is half written is not.
func TestCertificateIsRenewed(t *testing.T) {
	dir, at := t.TempDir(), time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)
	cert, key := writeCertificate(t, dir, 1, at)
	c, err := loadCertificate(cert, key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if got := serial(t, c); got != 1 {
		t.Fatalf("serial %d", got)
	}
	writeCertificate(t, dir, 2, at.Add(time.Hour))
	if got := serial(t, c); got != 2 {
		t.Errorf("after renewal: serial %d", got)
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(t, c); got != 2 {
		t.Errorf("while it is written: serial %d", got)
	}
	if _, err := loadCertificate(cert, key, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("half a certificate was loaded")
	}
	writeCertificate(t, dir, 3, at.Add(2*time.Hour))
	if got := serial(t, c); got != 3 {
		t.Errorf("after that: serial %d", got)
	}
	if err := os.Remove(cert); err != nil {
		t.Fatal(err)
	}
	if got := serial(t, c); got != 3 {
		t.Errorf("when it is gone: serial %d", got)
	}
	if c.config().MinVersion != tls.VersionTLS12 {
		t.Error("old versions of TLS are answered")
	}
}
