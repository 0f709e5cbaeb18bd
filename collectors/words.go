package collectors

import (
	"winnow/pipeline/post"
)

// words says a fault to people who know nothing of protocols.
func words(f *Fault) string {
	text := plain(f.Cause)
	if f.Err != nil {
		text += " (" + f.Err.Error() + ")"
	}
	return text
}

// plain says a cause in words.
func plain(c post.Cause) string {
	switch c {
	case post.Unauthorised:
		return "The platform refuses the credentials"
	case post.Misconfigured:
		return "The platform refuses what it is asked for"
	case post.RateLimited:
		return "The platform asks to wait"
	case post.Unavailable:
		return "The platform answers, but with an error of its own"
	case post.Network:
		return "There is no connection to the platform"
	case post.Protocol:
		return "What came was not understood"
	case post.Stalled:
		return "The connection stood, but nothing came over it"
	case post.Blind:
		return "The connection stands, but posts known to exist do not come"
	case post.LogFull:
		return "Posts come faster than they are stored, so none are read for now"
	case post.Stopped:
		return "Winnow did not run"
	case post.Suspended:
		return "This computer slept"
	case post.Budget:
		return "Paused, to stay within what may be spent"
	case post.CountsOnly:
		return "Posts are only counted until something moves"
	case post.NotWatched:
		return "The campaign was not configured"
	case post.Before:
		return "The time before the campaign was watched"
	default:
		return "Something went wrong"
	}
}

// advice returns the next step for the operator, empty if there is none but to
// wait.
func advice(f *Fault) string {
	if f.Advice != "" {
		return f.Advice
	}
	switch f.Cause {
	case post.Unauthorised:
		return "check the token in the configuration and start again"
	case post.Misconfigured:
		return "check the campaigns and the source in the configuration and start again"
	case post.Network, post.Stalled:
		return "if other pages do not load either, check this computer's connection; else wait, it is tried again"
	default:
		return ""
	}
}
