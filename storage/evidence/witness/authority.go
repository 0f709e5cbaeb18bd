package witness

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"time"

	"github.com/digitorus/pkcs7"
	"github.com/digitorus/timestamp"

	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
)

// Stamped is the means of time stamps.
const Stamped = "timestamp"

const (
	// maxAnswer bounds what an authority may answer, in bytes; they are some thousand.
	maxAnswer = 1 << 20
	// patience bounds one request.
	patience = 30 * time.Second
)

// Authority is a time stamping authority (RFC 3161).
type Authority struct {
	// URL is where it is asked.
	URL string
	// Client reaches it.
	Client *http.Client
	// Roots are whom to believe who it is. Nil believes what comes over the connection,
	// and leaves it to whoever checks the stamp later.
	Roots *x509.CertPool
}

// Means is "timestamp".
func (*Authority) Means() string { return Stamped }

// Imprinted is the text whose hash is stamped: a line with the head.
func Imprinted(h chain.Head) []byte { return []byte(h.String() + "\n") }

// Show has a head stamped, and returns the authority's answer, which is checked: it is for
// this head and this request, and signed.
func (a *Authority) Show(ctx context.Context, h evidence.Head) ([]byte, error) {
	answer, err := a.stamp(ctx, h.Head)
	if err != nil {
		return nil, fmt.Errorf("have a head stamped: %w", err)
	}
	return answer, nil
}

func (a *Authority) stamp(ctx context.Context, h chain.Head) ([]byte, error) {
	nonce, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 63))
	if err != nil {
		return nil, err
	}
	ask, err := timestamp.CreateRequest(bytes.NewReader(Imprinted(h)), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true, Nonce: nonce})
	if err != nil {
		return nil, err
	}
	answer, err := a.ask(ctx, ask)
	if err != nil {
		return nil, err
	}
	t, err := parseStamp(answer, h, a.Roots)
	if err != nil {
		return nil, err
	}
	if t.Nonce == nil || t.Nonce.Cmp(nonce) != 0 {
		return nil, errors.New("the answer is to another request")
	}
	return answer, nil
}

// ask sends a request as RFC 3161, 3.4 says.
func (a *Authority) ask(ctx context.Context, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("its address is none") // the error would repeat it
	}
	r.Header.Set("Content-Type", "application/timestamp-query")
	res, err := a.Client.Do(r)
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address
	}
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the authority answers %s", res.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err == nil && len(answer) > maxAnswer {
		err = fmt.Errorf("the answer has more than %d bytes", maxAnswer)
	}
	return answer, err
}

// Stamp is what an authority vouches for.
type Stamp struct {
	// Time is when it saw the head.
	Time time.Time
	// By is the name in its certificate, which is only worth something if that was
	// checked against roots.
	By string
}

// Check checks an answer that was kept, offline: the stamp is for this head and signed,
// by somebody who leads to roots unless these are nil.
func Check(answer []byte, h chain.Head, roots *x509.CertPool) (Stamp, error) {
	t, err := parseStamp(answer, h, roots)
	if err != nil {
		return Stamp{}, fmt.Errorf("check a time stamp: %w", err)
	}
	by, err := signer(t, nil)
	if err != nil {
		return Stamp{}, fmt.Errorf("check a time stamp: %w", err)
	}
	return Stamp{Time: t.Time.UTC(), By: by.Subject.String()}, nil
}

// Answered checks what a witness answered, for evidence.VerifyOptions. It knows time stamps.
func Answered(means string, answer []byte, h chain.Head) error {
	if means != Stamped {
		return nil
	}
	_, err := Check(answer, h, nil)
	return err
}

func parseStamp(answer []byte, h chain.Head, roots *x509.CertPool) (t *timestamp.Timestamp, err error) {
	t, err = timestamp.ParseResponse(answer) // which checks the signature if there is a certificate
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer of the authority: %w", err)
	case len(t.Certificates) == 0:
		return nil, errors.New("the authority did not send its certificate")
	}
	imprint := sha256.Sum256(Imprinted(h))
	if t.HashAlgorithm != crypto.SHA256 || !bytes.Equal(t.HashedMessage, imprint[:]) {
		return nil, errors.New("the stamp is for something else than this head")
	}
	_, err = signer(t, roots)
	return t, err
}

// signer is the certificate that a stamp was signed with. It must be one for time stamps,
// and lead to roots unless these are nil.
func signer(t *timestamp.Timestamp, roots *x509.CertPool) (*x509.Certificate, error) {
	p, err := pkcs7.Parse(t.RawToken)
	if err != nil {
		return nil, err
	}
	c := p.GetOnlySigner()
	if c == nil {
		return nil, errors.New("the stamp does not have one signer")
	}
	others := x509.NewCertPool()
	for _, o := range p.Certificates {
		others.AddCert(o)
	}
	for _, use := range c.ExtKeyUsage {
		if use != x509.ExtKeyUsageTimeStamping {
			continue
		}
		if roots == nil {
			return c, nil
		}
		_, err := c.Verify(x509.VerifyOptions{
			Roots: roots, Intermediates: others, CurrentTime: t.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
		})
		return c, err
	}
	return nil, errors.New("the stamp is signed by a certificate that is not for time stamps")
}
