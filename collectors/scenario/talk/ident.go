package talk

import (
	"strconv"

	"winnow/collectors/scenario/cast"
)

// Epochs of the ids that carry a time, in Unix milliseconds.
const (
	// xEpoch is X's, 2010-11-04T01:42:54.657Z.
	xEpoch = 1288834974657
	// ahead moves made-up X ids forty years ahead of X's clock.
	ahead = 40 * 365 * 24 * 3600 * 1000
)

// Low returns the low bits of an id that carries a time: the lower bits of the
// sequence, and one bit that keeps planted posts apart from organic ones.
func (e *Event) Low(width int) uint64 {
	v := e.Seq & (1<<(width-1) - 1)
	if e.Seq >= PlantedSeq {
		v |= 1 << (width - 1)
	}
	return v
}

// appendLocalID appends what the platform puts last into the post's id: X's
// number, the status id on the author's Mastodon instance, the record key.
func (e *Event) appendLocalID(b []byte) []byte {
	switch e.Plat {
	case cast.OnX:
		return strconv.AppendUint(b, uint64(e.At-xEpoch+ahead)<<22|e.Low(22), 10)
	case cast.OnMastodon:
		return strconv.AppendUint(b, uint64(e.At)<<16|e.Low(16), 10)
	default:
		// A timestamp identifier: microseconds and ten bits of clock id.
		low := e.Low(16)
		tid := (uint64(e.At)*1000+low>>10)<<10 | low&1023
		for shift := 60; shift >= 0; shift -= 5 {
			b = append(b, cast.Base32[tid>>shift&31])
		}
		return b
	}
}

// AppendID appends the canonical id of a post, as described at post.Post.ID,
// whose author has the given id and handle.
func (e *Event) AppendID(b []byte, authorID, handle string) []byte {
	switch e.Plat {
	case cast.OnX:
		return e.appendLocalID(b)
	case cast.OnMastodon:
		local, host := splitHandle(handle)
		b = append(b, "https://"...)
		b = append(b, host...)
		b = append(b, "/users/"...)
		b = append(b, local...)
		b = append(b, "/statuses/"...)
		b = e.appendLocalID(b)
		if e.Kind == Repost {
			b = append(b, "/activity"...)
		}
		return b
	default:
		b = append(b, "at://"...)
		b = append(b, authorID...)
		if e.Kind == Repost {
			b = append(b, "/app.bsky.feed.repost/"...)
		} else {
			b = append(b, "/app.bsky.feed.post/"...)
		}
		return e.appendLocalID(b)
	}
}

// AppendURL appends the address of a post's page. X's and Bluesky's own hosts
// are left alone: a click in a demonstration must not land on a real page.
func (e *Event) AppendURL(b []byte, authorID, handle string) []byte {
	switch e.Plat {
	case cast.OnX:
		b = append(b, "https://x.example/"...)
		b = append(b, handle...)
		b = append(b, "/status/"...)
	case cast.OnMastodon:
		b = append(b, authorID...)
		b = append(b, '/')
	default:
		b = append(b, "https://bluesky.example/profile/"...)
		b = append(b, authorID...)
		b = append(b, "/post/"...)
	}
	return e.appendLocalID(b)
}

// splitHandle splits "anna@host" at the last "@".
func splitHandle(h string) (local, host string) {
	for i := len(h) - 1; i >= 0; i-- {
		if h[i] == '@' {
			return h[:i], h[i+1:]
		}
	}
	return h, ""
}
