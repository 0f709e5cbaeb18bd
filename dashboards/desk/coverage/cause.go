package coverage

import (
	"strings"

	"winnow/dashboards/desk/words"
	"winnow/pipeline/post"
)

// Cause says why posts are missing, as a clause: "no connection, or one that
// broke". A cause that is not known is told as it is.
func Cause(t *words.Teller, c string) string {
	switch post.Cause(c) {
	case post.Unauthorised:
		return t.Text("the platform refused the access token")
	case post.Misconfigured:
		return t.Text("the platform refused what was asked of it")
	case post.RateLimited:
		return t.Text("the platform asked to wait")
	case post.Unavailable:
		return t.Text("the platform answered with an error of its own")
	case post.Network:
		return t.Text("no connection, or one that broke")
	case post.Protocol:
		return t.Text("what the platform sent could not be understood")
	case post.Stalled:
		return t.Text("connected, but nothing came, not even a sign of life")
	case post.Blind:
		return t.Text("connected, but posts known to exist did not come")
	case post.LogFull:
		return t.Text("Winnow’s own log was full and took nothing more")
	case post.Stopped:
		return t.Text("Winnow was not running")
	case post.Suspended:
		return t.Text("the computer slept")
	case post.Budget:
		return t.Text("paused or sampled, to stay within what may be spent")
	case post.CountsOnly:
		return t.Text("only counted until something moves, as configured")
	case post.NotWatched:
		return t.Text("the campaign was not configured")
	case post.Before:
		return t.Text("it was before the campaign was watched")
	}
	return c
}

// Fill says what came afterwards of what a gap had hidden, as a clause.
func Fill(t *words.Teller, f string, open bool) string {
	switch post.Fill(f) {
	case post.Pending:
		if open {
			return t.Text("nothing yet: it is still open")
		}
		return t.Text("nothing yet: Winnow still asks for it")
	case post.Filled:
		return t.Text("everything: it is filled")
	case post.Partly:
		return t.Text("a part")
	case post.Lost:
		return t.Text("nothing, and no more will")
	}
	return f
}

// Name tells a source as people know it: "Mastodon (social.example)".
func Name(t *words.Teller, platform, source string) string {
	name := t.Platform(platform)
	rest := strings.TrimPrefix(source, platform+"/")
	if name == "" {
		return source
	}
	if rest == "" || rest == platform {
		return name
	}
	return name + " (" + rest + ")"
}
