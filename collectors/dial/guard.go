package dial

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"syscall"

	"winnow/collectors"
	"winnow/pipeline/post"
)

// refused are the networks that are not the public Internet, beyond what
// netip.Addr tells itself.
var refused = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),        // this network
	netip.MustParsePrefix("100.64.0.0/10"),    // behind a provider's NAT
	netip.MustParsePrefix("168.63.129.16/32"), // a cloud's metadata
	netip.MustParsePrefix("192.0.0.0/24"),     // protocol assignments, a cloud's metadata
	netip.MustParsePrefix("192.0.2.0/24"),     // documentation
	netip.MustParsePrefix("198.18.0.0/15"),    // benchmarks of networks
	netip.MustParsePrefix("198.51.100.0/24"),  // documentation
	netip.MustParsePrefix("203.0.113.0/24"),   // documentation
	netip.MustParsePrefix("240.0.0.0/4"),      // reserved, and broadcast
	netip.MustParsePrefix("64:ff9b:1::/48"),   // NAT64 of one network
	netip.MustParsePrefix("100::/64"),         // discarded
	netip.MustParsePrefix("2001::/32"),        // Teredo: any IPv4 address inside, obfuscated
	netip.MustParsePrefix("2001:db8::/32"),    // documentation
	netip.MustParsePrefix("fec0::/10"),        // once site-local
}

var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour  = netip.MustParsePrefix("2002::/16")
	compatible = netip.MustParsePrefix("::/96")
)

// Public reports whether an address is one of the public Internet. Addresses
// that carry an IPv4 address inside are what that one is.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		b := a.As16()
		switch {
		case a.IsLoopback():
			return false
		case nat64.Contains(a), compatible.Contains(a):
			return Public(netip.AddrFrom4([4]byte(b[12:])))
		case sixToFour.Contains(a):
			return Public(netip.AddrFrom4([4]byte(b[2:6])))
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range refused {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// control refuses addresses outside the public Internet at the moment of
// connecting, after names were resolved, so that no name can change its
// address in between. What a name resolves to may pass, as behind the log-in
// page of a hotel's network, so this is no reason to give a source up.
func control(_ context.Context, _, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return refuse(post.Network, "an address that cannot be read")
	}
	if !Public(a.Addr()) {
		return refuse(post.Network, a.Addr().String())
	}
	return nil
}

// checkHost refuses hosts that are, as they are written, outside the public
// Internet. It cannot know what a name resolves to.
func checkHost(host string) error {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return refuse(post.Misconfigured, name)
	}
	if a, err := netip.ParseAddr(host); err == nil && !Public(a) {
		return refuse(post.Misconfigured, a.String())
	}
	return nil
}

func refuse(cause post.Cause, what string) error {
	return &collectors.Fault{
		Cause:  cause,
		Advice: "set allow_private for this source if that is meant",
		Err:    fmt.Errorf("connecting to %s was refused: it is in a private network", what),
	}
}
