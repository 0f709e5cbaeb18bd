package instance

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"winnow/collectors"
	"winnow/collectors/dial"
	"winnow/collectors/mastodon/refusal"
	"winnow/collectors/mastodon/rest"
	"winnow/collectors/mastodon/streaming"
	"winnow/collectors/wire"
)

// Probe implements collectors.Prober.
func (s *Source) Probe(ctx context.Context) []collectors.Check {
	defer s.idle()
	p := &probe{Source: s, ctx: ctx}
	if !p.instance() {
		return p.checks
	}
	p.token()
	p.streaming()
	p.timeline()
	p.limits()
	return p.checks
}

// probe gathers checks.
type probe struct {
	*Source
	ctx    context.Context //nolint:containedctx // one call's, as the struct is
	checks []collectors.Check
}

func (p *probe) say(o collectors.Outcome, advice, format string, args ...any) {
	p.checks = append(p.checks, collectors.Check{Outcome: o, Text: fmt.Sprintf(format, args...), Advice: advice})
}

// failed says what a fault means.
func (p *probe) failed(what string, err error) {
	f := collectors.FromError(err)
	text := "it failed"
	if f.Err != nil {
		text = f.Err.Error()
	}
	p.say(collectors.Bad, f.Advice, "%s: %s", what, text)
}

// instance asks what server it is, and reports whether there is one.
func (p *probe) instance() bool {
	var in struct {
		Version       any `json:"version"`
		Configuration struct {
			URLs struct {
				Streaming any `json:"streaming"`
			} `json:"urls"`
		} `json:"configuration"`
	}
	raw, err := p.rest.Get(p.ctx, "/api/v2/instance")
	if errors.Is(err, rest.ErrNotFound) { // before Mastodon 4.0
		raw, err = p.rest.Get(p.ctx, "/api/v1/instance")
	}
	if err != nil {
		p.failed("the instance "+p.host, err)
		return false
	}
	// Whatever cannot be read is not known.
	_ = wire.Unmarshal(raw, &in, wire.Options())
	version, _ := in.Version.(string)
	p.say(collectors.Good, "", "the instance %s answers, version %s", p.host, shown(version))
	told, _ := in.Configuration.URLs.Streaming.(string)
	u, err := url.Parse(told)
	if told == "" || err != nil {
		return true
	}
	if v := *u; !dial.SameOrigin(&v, p.stream) && p.o.Transport != Poll {
		p.say(collectors.Warn, "if that is right, configure it as streaming; the token then goes there as well",
			"the instance says that its streams are at %s, and %s is asked", shown(u.Scheme+"://"+u.Host), shown(p.stream.Host))
	}
	return true
}

// shown is a foreign word for people: short, and nothing but letters and signs.
func shown(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	if s == "" {
		return "unknown"
	}
	return s
}

// token asks whose the token is.
func (p *probe) token() {
	if p.o.Token == "" {
		p.say(collectors.Warn, refusal.MakeToken, "there is no token: timelines are polled, which is slower and finds no deletions")
		return
	}
	_, err := p.rest.Get(p.ctx, "/api/v1/accounts/verify_credentials")
	if err == nil {
		p.say(collectors.Good, "", "the token is a user's")
		p.hidden()
		return
	}
	_, appErr := p.rest.Get(p.ctx, "/api/v1/apps/verify_credentials")
	switch {
	case appErr != nil:
		p.failed("the token", appErr)
	case refusedScope(err):
		// The stream will tell: a scope for statuses is enough there.
		p.say(collectors.Good, "", "the token is valid; it may not read whose it is, which is not needed")
		p.languages()
	default:
		p.say(collectors.Bad, refusal.MakeToken, "the token is valid, but of an application alone and not of a user")
	}
}

// refusedScope reports whether a token was refused for its scopes alone.
func refusedScope(err error) bool {
	f := collectors.FromError(err)
	return f.Err != nil && strings.Contains(f.Err.Error(), "scope")
}

// hidden asks whether the account hides somebody, whose posts then do not come.
func (p *probe) hidden() {
	for _, list := range []struct{ path, what string }{
		{"blocks", "blocks accounts"}, {"mutes", "mutes accounts"}, {"domain_blocks", "blocks whole servers"},
	} {
		raw, err := p.rest.Get(p.ctx, "/api/v1/"+list.path+"?limit=1")
		if err != nil {
			continue // the token needs no scope for this
		}
		var in []any
		if wire.Unmarshal(raw, &in, wire.Options()) == nil && len(in) > 0 {
			p.say(collectors.Warn, "use an account made for this alone, which hides nobody", "the token's account %s: their posts do not come", list.what)
		}
	}
	p.languages()
}

func (p *probe) languages() {
	p.say(collectors.Good, "see that under Preferences, Other, no language is chosen under the filter of languages: the stream leaves all others out, and no program can ask",
		"what the account hides by language, nobody but its owner can see")
}

// streaming tries a stream.
func (p *probe) streaming() {
	if p.o.Transport == Poll {
		return
	}
	if p.o.Transport == SSE {
		p.say(collectors.Good, "", "event streams are used, one for each hashtag: %d", len(p.tags))
		return
	}
	err := streaming.Handshake(p.ctx, streaming.Options{Base: p.stream, HTTP: p.http, Now: p.o.Now})
	switch {
	case err == nil:
		p.say(collectors.Good, "", "a WebSocket to %s opens; hashtags: %d", p.stream.Host, len(p.tags))
	case errors.Is(err, streaming.ErrUnsupported) && p.o.Transport == Auto:
		p.say(collectors.Warn, "", "there is no WebSocket at %s: event streams or polling are used", p.stream.Host)
	default:
		p.failed("a WebSocket to "+p.stream.Host, explain(err))
	}
}

// timeline asks for one, as ourselves and as a stranger.
func (p *probe) timeline() {
	page, err := p.rest.Timeline(p.ctx, p.tags[0].ask, rest.Range{})
	if err != nil {
		p.failed("the timeline of a hashtag", err)
		return
	}
	p.say(collectors.Good, "", "the timeline of #%s has %d posts on its first page", p.tags[0].ask, page.Items)
	if p.o.Token == "" {
		return
	}
	stranger := rest.New(rest.Options{Base: p.base, HTTP: p.plain, Now: p.o.Now})
	if _, err := stranger.Timeline(p.ctx, p.tags[0].ask, rest.Range{}); err != nil {
		p.say(collectors.Good, "", "timelines are shown to users only, so that the token is needed for them too")
	}
}

// limits says what may still be asked.
func (p *probe) limits() {
	left, most, reset := p.rest.Left()
	if most == 0 {
		p.say(collectors.Good, "", "the instance does not tell its limits")
		return
	}
	o, advice := collectors.Good, ""
	if left*4 < most {
		o, advice = collectors.Warn, "something else may use the same token or address"
	}
	p.say(o, advice, "%d of %d requests are left until %s", left, most, reset.UTC().Format(time.TimeOnly+" MST"))
}
