package config

import (
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"winnow/cmd/config/strict"
)

// Evidence is about what is kept as it was received, for the campaigns that ask for it.
type Evidence struct {
	// Deleted says what becomes of it when a post is deleted: "erase" or "keep".
	Deleted string  `yaml:"deleted"`
	Witness Witness `yaml:"witness"`
}

// What becomes of the evidence of a deleted post.
const (
	EraseDeleted = "erase"
	KeepDeleted  = "keep"
)

// Witness is to whom the heads of evidence are shown; to nobody if it names none.
type Witness struct {
	// Every is how long after one head the next is shown.
	Every Span `yaml:"every"`
	// Receivers are names of notify.receivers.
	Receivers []string   `yaml:"receivers"`
	Authority *Authority `yaml:"authority,omitempty"`
}

// Authority is a time stamping authority (RFC 3161). What it answers is signed, so that
// its address need not begin with https.
type Authority struct {
	URL     Secret `yaml:"url"`
	URLFile string `yaml:"url_file"`
	// RootsFile has the certificates that its own leads to, in PEM; without it anybody
	// is believed who answers.
	RootsFile    string `yaml:"roots_file"`
	Proxy        Secret `yaml:"proxy"`
	ProxyFile    string `yaml:"proxy_file"`
	AllowPrivate bool   `yaml:"allow_private"`
}

// Heads that are shown more often than minEvery say no more, and authorities bound how
// often they are asked.
const (
	minEvery = Span(10 * time.Minute)
	maxEvery = Span(90 * 24 * time.Hour)
)

// Any reports whether there is somebody to show heads to.
func (w *Witness) Any() bool { return len(w.Receivers) > 0 || w.Authority != nil }

// clone returns a copy whose authority is its own.
func (e *Evidence) clone() Evidence {
	out := *e
	if a := e.Witness.Authority; a != nil {
		own := *a
		out.Witness.Authority = &own
	}
	return out
}

// paths lists every path besides those of secrets.
func (e *Evidence) paths() []*string {
	if a := e.Witness.Authority; a != nil {
		return []*string{&a.RootsFile}
	}
	return nil
}

// secrets lists every secret with its path and its file.
func (e *Evidence) secrets(f func(path string, s *Secret, file *string)) {
	if a := e.Witness.Authority; a != nil {
		f("evidence.witness.authority.url", &a.URL, &a.URLFile)
		f("evidence.witness.authority.proxy", &a.Proxy, &a.ProxyFile)
	}
}

func (e *Evidence) check(receivers []Receiver, bad complain) {
	if e.Deleted != EraseDeleted && e.Deleted != KeepDeleted {
		bad("evidence.deleted", "write erase, or keep: %q is neither", strict.Clip(e.Deleted))
	}
	w := &e.Witness
	if w.Every < minEvery || w.Every > maxEvery {
		bad("evidence.witness.every", "give a time from %s to %s, such as 24h", minEvery, maxEvery)
	}
	for i, name := range w.Receivers {
		if !slices.ContainsFunc(receivers, func(r Receiver) bool { return r.Name == name }) {
			bad(fmt.Sprintf("evidence.witness.receivers[%d]", i), "there is no receiver %q; write a name that stands under notify.receivers", strict.Clip(name))
		}
	}
	if w.Authority != nil {
		w.Authority.check("evidence.witness.authority", bad)
	}
}

func (a *Authority) check(path string, bad complain) {
	switch {
	case a.URL == "":
		bad(path+".url", "which authority? write the address at which it takes requests of RFC 3161")
	case a.URL != hidden && !isURL(a.URL.Reveal(), "https", "http"):
		bad(path+".url", "this is no address; write it like https://stamps.example.org/tsr")
	}
	if a.Proxy != "" && a.Proxy != hidden && !isURL(a.Proxy.Reveal(), "socks5", "socks5h", "http", "https") {
		bad(path+".proxy", "this is no address of a proxy; write it like socks5h://127.0.0.1:9050")
	}
	if _, err := a.Roots(); err != nil {
		bad(path+".roots_file", "%v", err)
	}
}

// Roots reads the certificates that are believed; nil for anybody.
func (a *Authority) Roots() (*x509.CertPool, error) {
	if a.RootsFile == "" {
		return nil, nil //nolint:nilnil // as x509 has it
	}
	text, err := readFile(a.RootsFile)
	var p *os.PathError
	if errors.As(err, &p) {
		return nil, fmt.Errorf("the certificates cannot be read: %w; give a file in PEM", p.Err)
	}
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, errors.New("there is no certificate in it; it begins with -----BEGIN CERTIFICATE-----")
	}
	return roots, nil
}
