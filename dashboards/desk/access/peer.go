package access

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// peers tells where requests come from. What a proxy says counts only if it is
// one of those that were declared.
type peers struct{ proxies []netip.Prefix }

// maxHops is how many addresses of X-Forwarded-For are looked at.
const maxHops = 16

func direct(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func (p peers) proxy(a netip.Addr) bool {
	return slices.ContainsFunc(p.proxies, func(one netip.Prefix) bool { return one.Contains(a) })
}

// address is where a request comes from: the connection's other end or, behind
// declared proxies, the last address of X-Forwarded-For that is none of them.
// Those before it are whatever the sender wrote.
func (p peers) address(r *http.Request) netip.Addr {
	a := direct(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	slices.Reverse(hops)
	for _, hop := range hops[:min(len(hops), maxHops)] {
		if !p.proxy(a) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		a = before.Unmap().WithZone("")
	}
	return a
}

// secure says whether nobody between the browser and here could read along, as
// far as this process or its proxy can tell.
func (p peers) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	said := r.Header.Values("X-Forwarded-Proto")
	return p.proxy(direct(r)) && len(said) == 1 && strings.EqualFold(said[0], "https")
}
