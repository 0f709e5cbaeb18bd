package throttle

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2031, 6, 12, 18, 30, 0, 0, time.UTC)

// However attempts come, in any stretch of time no more are let through than the
// burst and one for each interval in it; and who waits as long as told is let through.
func TestPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Pace{Burst: rapid.IntRange(1, 10).Draw(t, "burst"), Interval: time.Second * time.Duration(rapid.IntRange(1, 60).Draw(t, "interval"))}
		var account time.Time
		now := start
		var through []time.Time
		for range rapid.IntRange(1, 200).Draw(t, "attempts") {
			now = now.Add(time.Duration(rapid.Int64Range(0, int64(2*p.Interval)).Draw(t, "pause")))
			wait := p.Try(&account, now)
			if wait < 0 || wait > p.Interval {
				t.Fatalf("told to wait %v", wait)
			}
			if wait > 0 {
				copied := account
				if p.Try(&copied, now.Add(wait)) != 0 {
					t.Fatalf("waited %v for nothing", wait)
				}
				continue
			}
			through = append(through, now)
			for i, first := range through {
				if most := p.Burst + int(now.Sub(first)/p.Interval); len(through)-i > most {
					t.Fatalf("%d let through in %v, want at most %d", len(through)-i, now.Sub(first), most)
				}
			}
		}
	})
}

func TestGiveBack(t *testing.T) {
	p := Pace{Burst: 2, Interval: time.Minute}
	var account time.Time
	for range 100 {
		if p.Try(&account, start) != 0 {
			t.Fatal("an attempt that was given back counts")
		}
		p.GiveBack(&account)
	}
}

func made(t *testing.T) *Throttle {
	t.Helper()
	th, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return th
}

func TestNetworks(t *testing.T) {
	for address, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "2001:db8:1:2:3::4": "2001:db8:1:2::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := network(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	// Where the address is unknown, all share one account.
	th, refused := made(t), 0
	for i := range 30 {
		if th.Try(fmt.Sprint(i), netip.Addr{}, start) > 0 {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 30 attempts from nowhere are refused", refused)
	}
}

// Whatever is tried, the memory is bounded, and a name that was tried too often
// stays so.
func TestBounded(t *testing.T) {
	th := made(t)
	for i := range namePace.Burst {
		if th.Try("anna", netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), start) != 0 {
			t.Fatal("refused too early")
		}
	}
	for i := range 3 * addresses {
		a := netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})
		if th.Try(fmt.Sprint("name-", i), a, start) == 0 {
			th.GiveBack(fmt.Sprint("name-", i), a, true)
		}
	}
	if th.addresses.Len() != addresses || th.known.Len() != known || len(th.names) != nameSlots {
		t.Errorf("%d addresses, %d known places, %d names are kept", th.addresses.Len(), th.known.Len(), len(th.names))
	}
	if th.Try("anna", netip.MustParseAddr("203.0.113.1"), start) == 0 {
		t.Error("many other names cleared the account of one")
	}
}

// Somebody who logged in from a place before cannot be locked out of it from
// elsewhere.
func TestKnownPlaces(t *testing.T) {
	th := made(t)
	home, away := netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("203.0.113.1")
	if th.Try("anna", home, start) != 0 {
		t.Fatal("refused at once")
	}
	th.GiveBack("anna", home, true)
	for i := range 50 {
		th.Try("anna", netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}), start)
	}
	if th.Try("anna", away, start) == 0 {
		t.Error("somewhere unknown, too many attempts are let through")
	}
	if th.Try("anna", home, start) != 0 {
		t.Error("locked out at home")
	}
	// Nor is there more than the pace.
	refused := 0
	for range 15 {
		if th.Try("anna", home, start) > 0 {
			refused++
		}
	}
	if refused < 15-namePace.Burst {
		t.Errorf("%d of 15 more attempts at home are refused", refused)
	}
}
