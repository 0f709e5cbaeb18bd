package coverage

import (
	"strings"

	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
)

// Cause says why posts are missing, as a clause: "no connection, or one that
// broke". A cause that is not known is told as it is.
func Cause(c string) string {
	switch post.Cause(c) {
	case post.Unauthorised:
		return "the platform refused the access token"
	case post.Misconfigured:
		return "the platform refused what was asked of it"
	case post.RateLimited:
		return "the platform asked to wait"
	case post.Unavailable:
		return "the platform answered with an error of its own"
	case post.Network:
		return "no connection, or one that broke"
	case post.Protocol:
		return "what the platform sent could not be understood"
	case post.Stalled:
		return "connected, but nothing came, not even a sign of life"
	case post.Blind:
		return "connected, but posts known to exist did not come"
	case post.LogFull:
		return "Winnow’s own log was full and took nothing more"
	case post.Stopped:
		return "Winnow was not running"
	case post.Suspended:
		return "the computer slept"
	case post.Budget:
		return "paused or sampled, to stay within what may be spent"
	case post.CountsOnly:
		return "only counted until something moves, as configured"
	case post.NotWatched:
		return "the campaign was not configured"
	case post.Before:
		return "it was before the campaign was watched"
	}
	return c
}

// Fill says what came afterwards of what a gap had hidden, as a clause.
func Fill(f string, open bool) string {
	switch post.Fill(f) {
	case post.Pending:
		if open {
			return "nothing yet: it is still open"
		}
		return "nothing yet: Winnow still asks for it"
	case post.Filled:
		return "everything: it is filled"
	case post.Partly:
		return "a part"
	case post.Lost:
		return "nothing, and no more will"
	}
	return f
}

// Name tells a source as people know it: "Mastodon (social.example)".
func Name(platform, source string) string {
	name := words.Platform(platform)
	rest := strings.TrimPrefix(source, platform+"/")
	if name == "" {
		return source
	}
	if rest == "" || rest == platform {
		return name
	}
	return name + " (" + rest + ")"
}
