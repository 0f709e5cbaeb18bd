package witnesstest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/digitorus/timestamp"
)

// Authority stamps what it is asked for with one time.
type Authority struct {
	// URL is where it is asked.
	URL string
	// Root leads to its certificate.
	Root *x509.Certificate
	// Wrong is in which way its next answers are: "imprint", "nonce", "no nonce", "no
	// certificate", "refused", "nothing", "too much", "signature" or "status".
	Wrong string
	// Asked are the requests that came.
	Asked [][]byte

	at     time.Time
	cert   *x509.Certificate
	key    *ecdsa.PrivateKey
	server *httptest.Server
}

// New starts an authority. Without stamps its certificate is one for programs.
func New(at time.Time, stamps bool) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	a := &Authority{at: at, key: key}
	a.Root, err = a.certificate(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Example root"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}, nil)
	if err != nil {
		return nil, err
	}
	purpose := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	if !stamps {
		purpose[8] = 3
	}
	value, err := asn1.Marshal([]asn1.ObjectIdentifier{purpose})
	if err != nil {
		return nil, err
	}
	a.cert, err = a.certificate(&x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Example stamps"}, KeyUsage: x509.KeyUsageDigitalSignature,
		// RFC 3161, 2.3: critical, which x509 makes of no use that it knows.
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}},
	}, a.Root)
	if err != nil {
		return nil, err
	}
	a.server = httptest.NewServer(a)
	a.URL = a.server.URL
	return a, nil
}

// Close stops it.
func (a *Authority) Close() { a.server.Close() }

func (a *Authority) certificate(c, parent *x509.Certificate) (*x509.Certificate, error) {
	c.NotBefore, c.NotAfter = a.at.AddDate(-50, 0, 0), a.at.AddDate(50, 0, 0)
	if parent == nil {
		parent = c
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, a.key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// ServeHTTP answers a request.
func (a *Authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/timestamp-query" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.Asked = append(a.Asked, body)
	answer, err := a.answer(body)
	if err != nil || a.Wrong == "status" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/timestamp-reply")
	_, _ = w.Write(answer) // who asked may be gone
}

func (a *Authority) answer(body []byte) ([]byte, error) {
	ask, err := timestamp.ParseRequest(body)
	if err != nil {
		return nil, err
	}
	t := timestamp.Timestamp{
		HashAlgorithm: ask.HashAlgorithm, HashedMessage: ask.HashedMessage, Nonce: ask.Nonce,
		Time: a.at, Policy: asn1.ObjectIdentifier{1, 2, 3, 4}, AddTSACertificate: ask.Certificates,
	}
	switch a.Wrong {
	case "imprint":
		t.HashedMessage = make([]byte, 32)
	case "nonce":
		t.Nonce = big.NewInt(5)
	case "no nonce":
		t.Nonce = nil
	case "no certificate":
		t.AddTSACertificate = false
	case "refused":
		return timestamp.CreateErrorResponse(timestamp.Rejection, timestamp.TimeNotAvailable)
	case "nothing":
		return nil, nil
	case "too much":
		return make([]byte, 1<<20+1), nil
	}
	answer, err := t.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if a.Wrong == "signature" && err == nil {
		answer[len(answer)-1] ^= 1
	}
	return answer, err
}
