package witness_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/witness"
	"winnow/storage/evidence/witness/witnesstest"
)

var noon = time.Date(2031, 7, 4, 12, 0, 0, 0, time.UTC)

func head(n uint64) evidence.Head {
	return evidence.Head{Head: chain.Head{Records: n, Hash: chain.Hash{1, 2, 3}}, Campaign: "Open Games", Segment: 1, At: noon}
}

func believing(a *witnesstest.Authority) *witness.Authority {
	roots := x509.NewCertPool()
	roots.AddCert(a.Root)
	return &witness.Authority{URL: a.URL, Client: http.DefaultClient, Roots: roots}
}

// authority starts one that may stamp, or sign programs only.
func authority(t testing.TB, stamps bool) *witnesstest.Authority {
	t.Helper()
	a, err := witnesstest.New(noon, stamps)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

func TestStamp(t *testing.T) {
	a := authority(t, true)
	w := believing(a)
	answer, err := w.Show(t.Context(), head(7))
	if err != nil {
		t.Fatal(err)
	}
	stamp, err := witness.Check(answer, head(7).Head, w.Roots)
	if err != nil || !stamp.Time.Equal(noon) || stamp.By != "CN=Example stamps" {
		t.Errorf("%+v, %v", stamp, err)
	}
	if err := witness.Answered("timestamp", answer, head(7).Head); err != nil {
		t.Error(err)
	}
	if err := witness.Answered("timestamp", answer, head(8).Head); err == nil || !strings.Contains(err.Error(), "for something else than this head") {
		t.Error(err)
	}
	if err := witness.Answered("message", nil, head(8).Head); err != nil {
		t.Error(err)
	}
	if _, err := witness.Check(answer, head(7).Head, x509.NewCertPool()); err == nil {
		t.Error("anybody's stamp is believed")
	}
	// Nothing but the hash of a head leaves.
	if len(a.Asked) != 1 || bytes.Contains(a.Asked[0], []byte("Games")) || len(a.Asked[0]) > 100 {
		t.Errorf("it was asked %q", a.Asked)
	}
	for wrong, want := range map[string]string{
		"imprint": "for something else", "nonce": "to another request", "no nonce": "to another request", "no certificate": "did not send its certificate",
		"refused": "rejected", "signature": "the answer of the authority", "nothing": "the answer of the authority", "too much": "more than 1048576 bytes", "status": "500",
	} {
		a.Wrong = wrong
		if _, err := w.Show(t.Context(), head(7)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	bad := believing(authority(t, false))
	if _, err := bad.Show(t.Context(), head(7)); err == nil {
		t.Error("a certificate for programs stamped")
	}
	a.Wrong = ""
	w.Roots = x509.NewCertPool()
	if _, err := w.Show(t.Context(), head(7)); err == nil {
		t.Error("a stranger stamped")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Show(over, head(7)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	w.URL = "http://127.0.0.1:1/secret?secret"
	if _, err := w.Show(t.Context(), head(7)); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	w.URL = "://secret"
	if _, err := w.Show(t.Context(), head(7)); err == nil || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
}

// What is kept is what other programs read: openssl finds the stamp good.
func TestOpenSSL(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	a := authority(t, true)
	answer, err := believing(a).Show(t.Context(), head(7))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"1.tsr": answer, "head.txt": witness.Imprinted(head(7).Head), "other.txt": witness.Imprinted(head(8).Head),
		"root.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Root.Raw}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for file, good := range map[string]bool{"head.txt": true, "other.txt": false} {
		c := exec.CommandContext(t.Context(), "openssl", "ts", "-verify", "-data", file, "-in", "1.tsr", "-CAfile", "root.pem")
		c.Dir = dir
		if out, err := c.CombinedOutput(); (err == nil) != good {
			t.Errorf("%s: %v\n%s", file, err, out)
		}
	}
}

// Whatever an authority answers, it is a stamp for the head or an error.
func FuzzCheck(f *testing.F) {
	a := authority(f, true)
	answer, err := believing(a).Show(f.Context(), head(7))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(answer)
	f.Fuzz(func(t *testing.T, data []byte) {
		if stamp, err := witness.Check(data, head(9).Head, nil); err == nil {
			t.Errorf("%+v is a stamp for a head that was never shown", stamp)
		}
	})
}
