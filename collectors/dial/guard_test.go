package dial

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"winnow/pipeline/post"
)

func TestPublic(t *testing.T) {
	for want, addresses := range map[bool]string{
		true: `1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 169.253.1.1 192.0.1.1 223.255.255.255
			2606:4700::1111 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 2002:808:808::1 2a00::1`,
		false: `127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200
			100.127.255.255 0.0.0.0 0.1.2.3 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 192.0.0.192 198.18.0.1 168.63.129.16
			:: ::1 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 ff02::1 fec0::1 2001:db8::1 2001::1 100::1
			::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::10.0.0.1
			64:ff9b::a9fe:a9fe 64:ff9b:1::1 2002:7f00:1::1 2002:a00:1::1`,
	} {
		for address := range strings.FieldsSeq(addresses) {
			if got := Public(netip.MustParseAddr(address)); got != want {
				t.Errorf("Public(%s) = %v, want %v", address, got, want)
			}
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is a public one")
	}
}

// dns is a resolver that knows every name at one address.
func dns(t *testing.T, a netip.Addr) *net.Resolver {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // a test against loopback
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 2048)
		for {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if err := m.Unpack(buf[:n]); err != nil {
				t.Error(err)
				return
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			q := m.Questions[0]
			head := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}
			switch {
			case q.Type == dnsmessage.TypeA && a.Is4():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AResource{A: a.As4()}}}
			case q.Type == dnsmessage.TypeAAAA && a.Is6():
				m.Answers = []dnsmessage.Resource{{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}}
			}
			b, err := m.Pack()
			if err != nil {
				t.Error(err)
				return
			}
			if _, err := c.WriteTo(b, from); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { c.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", c.LocalAddr().String())
	}}
}

// A name is judged by what it resolves to, which is what is connected to.
func TestNamesInPrivateNetworksAreRefused(t *testing.T) {
	clearProxies(t)
	for _, address := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1", "fd00::1"} {
		t.Run(address, func(t *testing.T) {
			c := client(t, Options{}, dns(t, netip.MustParseAddr(address)))
			_, err := get(t, c, "http://social.example:1/")
			wantFault(t, err, post.Network)
			if !strings.Contains(err.Error(), "refused: it is in a private network; set allow_private for this source if that is meant") {
				t.Errorf("the error does not tell what to do: %v", err)
			}
		})
	}
}

func TestPrivateNetworksMayBeAllowed(t *testing.T) {
	clearProxies(t)
	web := server(t, "hello")
	_, port, err := net.SplitHostPort(web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := client(t, Options{AllowPrivate: true}, dns(t, netip.MustParseAddr("127.0.0.1")))
	if body, err := get(t, c, "http://social.example:"+port+"/"); err != nil || body != "hello" {
		t.Errorf("got %q, %v", body, err)
	}
	_, err = get(t, client(t, Options{}, nil), web.URL)
	wantFault(t, err, post.Misconfigured)
}

// clearProxies makes the test independent of the environment's proxies.
func clearProxies(t *testing.T) {
	t.Helper()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "REQUEST_METHOD"} {
		t.Setenv(name, "")
		t.Setenv(strings.ToLower(name), "")
	}
}
