package guard

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"winnow/dashboards/desk/problem"
)

// contentPolicy lets a page load its own style sheet, images and scripts, ask this
// host for news, and nothing else: no inline code, no other host, no frame around it.
const contentPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard stands in front of all pages. A desk without users may be read by whoever
// reaches it, and one with users by whoever's browser is logged in. So a web page
// elsewhere must not be able to reach it through the reader's browser, neither by a
// name of its own that points to this machine (DNS rebinding) nor by requests
// across sites.
type guard struct {
	hosts []hostRule
	forms []string
	cross *http.CrossOriginProtection
	next  http.Handler
}

// New puts a guard in front of next. Hosts are the names, with or without a
// port, that are answered besides "localhost" and the loopback addresses. Forms are
// the paths that take a POST; all others can only be read. It fails if one of the
// hosts cannot be one.
func New(hosts, forms []string, next http.Handler) (*guard, error) {
	rules, err := parseHostRules(hosts)
	if err != nil {
		return nil, err
	}
	return &guard{hosts: rules, forms: forms, cross: http.NewCrossOriginProtection(), next: next}, nil
}

// ServeHTTP sets the headers that every answer carries and refuses what must
// not get further.
func (g *guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	// Not "no-referrer": under that a browser says "Origin: null" even to the
	// page's own host.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")

	switch {
	case !g.allowed(r.Host):
		problem.Refuse(w, r, http.StatusMisdirectedRequest, "Winnow does not answer to this host name.\n"+
			"Open it as http://localhost with its port, or add the name to the desk's hosts in winnow.yaml.")
	case g.cross.Check(r) != nil || embeddedElsewhere(r):
		problem.Refuse(w, r, http.StatusForbidden, "Winnow does not answer to requests that another web page makes.\n"+
			"Open the address in its own tab.")
	case r.Method == http.MethodPost && slices.Contains(g.forms, r.URL.Path):
		g.next.ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		problem.Refuse(w, r, http.StatusMethodNotAllowed, "This can only be read.")
	default:
		g.next.ServeHTTP(w, r)
	}
}

// embeddedElsewhere reports whether another site's page asks for the answer as
// a part of itself (image, script, frame, fetch), where even its size or timing
// would tell something. Following a link to the desk is fine. Browsers set
// Sec-Fetch-* themselves; pages cannot.
func embeddedElsewhere(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return r.Header.Get("Sec-Fetch-Mode") != "navigate" || r.Header.Get("Sec-Fetch-Dest") != "document"
}

// allowed reports whether a Host header names this desk. The port of a loopback
// name may be any, since people forward ports; a foreign page cannot use the
// name "localhost" for itself.
func (g *guard) allowed(header string) bool {
	host, ok := parseHost(header)
	if !ok {
		return false
	}
	if host.loopback() {
		return true
	}
	for _, rule := range g.hosts {
		if rule.name == host.name && (rule.port == "" || rule.port == host.port) {
			return true
		}
	}
	return false
}

// hostRule is a host name, in lower case and without a final dot, or an address
// in its canonical form. An empty port stands for any.
type hostRule struct{ name, port string }

func (h hostRule) loopback() bool {
	if h.name == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(h.name)
	return err == nil && addr.Unmap().IsLoopback()
}

// parseHostRules reads the names that the operator allows.
func parseHostRules(hosts []string) ([]hostRule, error) {
	rules := make([]hostRule, 0, len(hosts))
	for _, s := range hosts {
		text := s
		if addr, err := netip.ParseAddr(s); err == nil && addr.Is6() {
			text = "[" + s + "]"
		}
		rule, ok := parseHost(text)
		if !ok {
			return nil, fmt.Errorf("read allowed host %q: want a name such as desk.example.org or desk.example.org:8443, "+
				"without http:// and without a path", s)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

// parseHost splits a Host header strictly: a name, an IPv4 address or an IPv6
// address in brackets, and maybe a port in digits.
func parseHost(s string) (hostRule, bool) {
	if rest, ok := strings.CutPrefix(s, "["); ok {
		text, after, ok := strings.Cut(rest, "]")
		addr, err := netip.ParseAddr(text)
		if !ok || err != nil || !addr.Is6() || addr.Zone() != "" {
			return hostRule{}, false
		}
		if after == "" {
			return hostRule{name: addr.String()}, true
		}
		port, ok := strings.CutPrefix(after, ":")
		return hostRule{name: addr.String(), port: port}, ok && validPort(port)
	}
	name, port, hasPort := strings.Cut(s, ":")
	if hasPort && !validPort(port) {
		return hostRule{}, false
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if name == "" || len(name) > 253 || strings.HasPrefix(name, ".") {
		return hostRule{}, false
	}
	for _, c := range []byte(name) {
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && c != '-' && c != '.' && c != '_' {
			return hostRule{}, false
		}
	}
	return hostRule{name: name, port: port}, true
}

func validPort(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && n > 0
}
