package scenario

import "strconv"

// base32 is the alphabet of DIDs and record keys on Bluesky, in sorting order.
const base32 = "234567abcdefghijklmnopqrstuvwxyz"

// appendDID appends a DID of 24 characters after "did:plc:", the first ten of
// which say that it is made up.
func appendDID(b []byte, n, salt uint64) []byte {
	b = append(b, "did:plc:winnowdemo"...)
	for shift := 30; shift >= 0; shift -= 5 {
		b = append(b, base32[n>>shift&31])
	}
	for shift := 30; shift >= 0; shift -= 5 {
		b = append(b, base32[salt>>shift&31])
	}
	return b
}

// Epochs of the ids that carry a time, in Unix milliseconds.
const (
	// xEpoch is X's, 2010-11-04T01:42:54.657Z.
	xEpoch = 1288834974657
	// ahead moves made-up X ids forty years ahead of X's clock.
	ahead = 40 * 365 * 24 * 3600 * 1000
)

// low returns the low bits of an id that carries a time: the lower bits of the
// sequence, and one bit that keeps planted posts apart from organic ones.
func (e *event) low(width int) uint64 {
	v := e.seq & (1<<(width-1) - 1)
	if e.seq >= plantedSeq {
		v |= 1 << (width - 1)
	}
	return v
}

// appendLocalID appends what the platform puts last into the post's id: X's
// number, the status id on the author's Mastodon instance, the record key.
func (e *event) appendLocalID(b []byte) []byte {
	switch e.plat {
	case onX:
		return strconv.AppendUint(b, uint64(e.at-xEpoch+ahead)<<22|e.low(22), 10)
	case onMastodon:
		return strconv.AppendUint(b, uint64(e.at)<<16|e.low(16), 10)
	default:
		// A timestamp identifier: microseconds and ten bits of clock id.
		low := e.low(16)
		tid := (uint64(e.at)*1000+low>>10)<<10 | low&1023
		for shift := 60; shift >= 0; shift -= 5 {
			b = append(b, base32[tid>>shift&31])
		}
		return b
	}
}

// appendID appends the canonical id of a post, as described at post.Post.ID,
// whose author has the given id and handle.
func (e *event) appendID(b []byte, authorID, handle string) []byte {
	switch e.plat {
	case onX:
		return e.appendLocalID(b)
	case onMastodon:
		local, host := splitHandle(handle)
		b = append(b, "https://"...)
		b = append(b, host...)
		b = append(b, "/users/"...)
		b = append(b, local...)
		b = append(b, "/statuses/"...)
		b = e.appendLocalID(b)
		if e.kind == isRepost {
			b = append(b, "/activity"...)
		}
		return b
	default:
		b = append(b, "at://"...)
		b = append(b, authorID...)
		if e.kind == isRepost {
			b = append(b, "/app.bsky.feed.repost/"...)
		} else {
			b = append(b, "/app.bsky.feed.post/"...)
		}
		return e.appendLocalID(b)
	}
}

// appendURL appends the address of a post's page. X's and Bluesky's own hosts
// are left alone: a click in a demonstration must not land on a real page.
func (e *event) appendURL(b []byte, authorID, handle string) []byte {
	switch e.plat {
	case onX:
		b = append(b, "https://x.example/"...)
		b = append(b, handle...)
		b = append(b, "/status/"...)
	case onMastodon:
		b = append(b, authorID...)
		b = append(b, '/')
	default:
		b = append(b, "https://bluesky.example/profile/"...)
		b = append(b, authorID...)
		b = append(b, "/post/"...)
	}
	return e.appendLocalID(b)
}
