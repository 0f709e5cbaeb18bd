package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"winnow/cmd/config/strict"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/catalogue"
)

// Desk is the built-in pages.
type Desk struct {
	// Listen is their address, host:port.
	Listen string `yaml:"listen"`
	// Hosts are the names, besides those of this machine, by which browsers
	// may ask for them.
	Hosts []string `yaml:"hosts"`
	// Timezone is the one that times are told in, by its IANA name; empty for that of
	// this machine.
	Timezone string `yaml:"timezone"`
	// Language is for readers whose browser asks for none that there is, and for alerts:
	// en, fr, es or ar.
	Language string `yaml:"language"`
	// Campaigns says whether admins may change campaigns in the pages, which writes
	// the configuration file: Editable or ReadOnly.
	Campaigns string `yaml:"campaigns"`
	// UsersFile holds who may open them; empty for whoever reaches them.
	UsersFile string `yaml:"users_file"`
	// FirstPassword is that of the first user, "admin", who is made if UsersFile
	// is not there yet.
	FirstPassword     Secret `yaml:"first_password"`
	FirstPasswordFile string `yaml:"first_password_file"`
	// TLSCertFile and TLSKeyFile are PEM files for https; empty for http.
	TLSCertFile string `yaml:"tls_cert_file"`
	TLSKeyFile  string `yaml:"tls_key_file"`
	// Proxies are addresses or networks whose X-Forwarded-For and
	// X-Forwarded-Proto count.
	Proxies []string `yaml:"proxies"`
	// PublishedOnLoopback is the operator's word that Listen is inside a container
	// and its port reached from the machine's loopback only.
	PublishedOnLoopback bool `yaml:"published_on_loopback"`
	// MetricsToken lets a program read the metrics where there are users.
	MetricsToken     Secret `yaml:"metrics_token"`
	MetricsTokenFile string `yaml:"metrics_token_file"`
}

// What may be done to campaigns in the pages.
const (
	Editable = "editable"
	ReadOnly = "read-only"
)

// minToken is how many bytes guard the metrics: what a password generator gives,
// and more than anybody guesses.
const minToken = 20

func (d *Desk) check(bad func(path, format string, args ...any)) {
	if !hostPort(d.Listen) {
		bad("desk.listen", "%q is no address; write host:port like 127.0.0.1:8010", strict.Clip(d.Listen))
	}
	for i, host := range d.Hosts {
		if u, err := url.Parse("http://" + host + "/"); host == "" || err != nil || u.Host != host || strings.ContainsAny(host, "* ") {
			bad(fmt.Sprintf("desk.hosts[%d]", i), "%q is no host name; write it without http:// and without a path, like desk.example.org", strict.Clip(host))
		}
	}
	if _, err := time.LoadLocation(d.Timezone); err != nil || d.Timezone == "Local" {
		bad("desk.timezone", "%q is no time zone; write it like Asia/Baku, or leave it out for that of this machine", strict.Clip(d.Timezone))
	}
	if _, ok := catalogue.Find(d.Language); !ok && d.Language != "" {
		bad("desk.language", "%q is no language of the pages; there are en, fr, es and ar", strict.Clip(d.Language))
	}
	if d.Campaigns != Editable && d.Campaigns != ReadOnly {
		bad("desk.campaigns", "%q is unknown; write %s if campaigns may be changed in the pages, or %s if this file is managed elsewhere", strict.Clip(d.Campaigns), Editable, ReadOnly)
	}
	for i := range d.Proxies {
		if _, err := proxy(d.Proxies[i]); err != nil {
			bad(fmt.Sprintf("desk.proxies[%d]", i), "%q is no address and no network; write it like 10.0.0.7 or 10.0.0.0/24", strict.Clip(d.Proxies[i]))
		}
	}
	if (d.TLSCertFile == "") != (d.TLSKeyFile == "") {
		bad("desk.tls_cert_file", "desk.tls_cert_file and desk.tls_key_file belong together; give both or none")
	}
	if hostPort(d.Listen) && !loopback(d.Listen) {
		d.checkOpen(bad)
	}
	if d.UsersFile == "" {
		const unused = "it is for a desk with users; set desk.users_file, or leave it out"
		if d.FirstPassword != "" {
			bad("desk.first_password", unused)
		}
		if d.MetricsToken != "" {
			bad("desk.metrics_token", unused)
		}
		return
	}
	if s := d.FirstPassword; s != "" {
		if err := user.CheckPassword(user.First, s.Reveal()); err != nil {
			bad("desk.first_password", "%v", err)
		}
	}
	if s := d.MetricsToken; s != "" && len(s) < minToken {
		bad("desk.metrics_token", "it is too short; give at least %d characters", minToken)
	}
}

// checkOpen says what is missing at an address that other machines reach.
func (d *Desk) checkOpen(bad func(path, format string, args ...any)) {
	if d.UsersFile == "" {
		bad("desk.users_file", "desk.listen opens the pages to other machines, so people have to log in; name a file of users, which winnow user add makes, or listen on 127.0.0.1")
	}
	if d.TLSCertFile == "" && d.TLSKeyFile == "" && len(d.Proxies) == 0 && !d.PublishedOnLoopback {
		bad("desk.tls_cert_file", "desk.listen opens the pages to other machines, where passwords must not be read along; "+
			"give desk.tls_cert_file and desk.tls_key_file, or name the proxy that has the TLS in desk.proxies, or, if this is a container whose port is published on 127.0.0.1 only, say so by desk.published_on_loopback: true")
	}
}

// proxy reads an address or a network.
func proxy(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() || p.Bits() == 0 { // the last would be everybody
		return netip.Prefix{}, fmt.Errorf("%q is no address and no network", text)
	}
	return p.Masked(), nil
}

// Tongue is the language of the pages, English if none is given.
func (d *Desk) Tongue() catalogue.Language {
	if l, ok := catalogue.Find(d.Language); ok {
		return l
	}
	return catalogue.English()
}

// Zone is the time zone of the pages. One that does not exist is the machine's;
// Validate tells of it.
func (d *Desk) Zone() *time.Location {
	if d.Timezone == "" {
		return time.Local
	}
	zone, err := time.LoadLocation(d.Timezone)
	if err != nil {
		return time.Local
	}
	return zone
}

// ProxyList returns the proxies as networks. Those that are none are left out;
// Validate tells of them.
func (d *Desk) ProxyList() []netip.Prefix {
	list := make([]netip.Prefix, 0, len(d.Proxies))
	for _, text := range d.Proxies {
		if p, err := proxy(text); err == nil {
			list = append(list, p)
		}
	}
	return list
}
