package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"winnow/cmd/config/strict"
)

// Collectors are the live sources. None is there unless the file names it.
type Collectors struct {
	X        *X         `yaml:"x,omitempty"`
	XV1      *XV1       `yaml:"x_v1,omitempty"`
	Mastodon []Mastodon `yaml:"mastodon,omitempty"`
	Bluesky  *Bluesky   `yaml:"bluesky,omitempty"`
}

// Any reports whether there is a live source at all.
func (c *Collectors) Any() bool {
	return c.X != nil || c.XV1 != nil || c.Bluesky != nil || len(c.Mastodon) > 0
}

// X is the filtered stream of X's API v2.
type X struct {
	// BearerToken is the app's, "app-only".
	BearerToken     Secret `yaml:"bearer_token"`
	BearerTokenFile string `yaml:"bearer_token_file"`
	// URL replaces X's address.
	URL string `yaml:"url"`
	// Mode is stream, or counts: count cheaply, and stream when something moves.
	Mode   string  `yaml:"mode"`
	Budget XBudget `yaml:"budget"`
	// Backfill is how far a new campaign is filled into the past, which costs
	// money like every other post.
	Backfill     Span        `yaml:"backfill"`
	Enterprise   XEnterprise `yaml:"enterprise"`
	Proxy        Secret      `yaml:"proxy"`
	ProxyFile    string      `yaml:"proxy_file"`
	AllowPrivate bool        `yaml:"allow_private"`
}

// XBudget is what may be spent: X bills every post that it delivers.
type XBudget struct {
	PostsPerDay   uint64  `yaml:"posts_per_day"`
	PostsPerMonth uint64  `yaml:"posts_per_month"`
	USDPerPost    float64 `yaml:"usd_per_post"`
}

// XEnterprise is what only X's Enterprise customers have.
type XEnterprise struct {
	// BackfillMinutes asks for what was missed, up to 5.
	BackfillMinutes uint64 `yaml:"backfill_minutes"`
	// Redundant opens a second stream.
	Redundant bool `yaml:"redundant"`
}

// XV1 is a server that speaks X's streaming API of version 1.1, as X itself no
// longer does.
type XV1 struct {
	URL          string `yaml:"url"`
	Token        Secret `yaml:"token"`
	TokenFile    string `yaml:"token_file"`
	Proxy        Secret `yaml:"proxy"`
	ProxyFile    string `yaml:"proxy_file"`
	AllowPrivate bool   `yaml:"allow_private"`
}

// Mastodon is one instance.
type Mastodon struct {
	// Instance is its address, https://social.example.
	Instance string `yaml:"instance"`
	// Token is a user's token with read:statuses; streams need one.
	Token     Secret `yaml:"token"`
	TokenFile string `yaml:"token_file"`
	// Transport is auto, websocket, sse or poll.
	Transport string `yaml:"transport"`
	// Streaming is the address of its streaming server, if that is another host.
	Streaming string `yaml:"streaming"`
	// PollEvery is how often timelines are polled, where they are.
	PollEvery Span `yaml:"poll_every"`
	// Backfill is how far a new campaign is filled into the past.
	Backfill     Span   `yaml:"backfill"`
	Proxy        Secret `yaml:"proxy"`
	ProxyFile    string `yaml:"proxy_file"`
	AllowPrivate bool   `yaml:"allow_private"`
}

// Bluesky is the network's Jetstream.
type Bluesky struct {
	// Hosts are the Jetstream servers, in order of preference.
	Hosts []string `yaml:"hosts"`
	// Wire is auto, events (the newer interface) or legacy.
	Wire string `yaml:"wire"`
	// Profiles is the address that knows followers; "none" for not asking.
	Profiles string `yaml:"profiles"`
	// Backfill is how far a new campaign is filled into the past.
	Backfill Span `yaml:"backfill"`
	// Quiet is for how long the whole network may say nothing before that is
	// taken for a fault; 0 for ever, which suits small networks.
	Quiet        Span   `yaml:"quiet"`
	Proxy        Secret `yaml:"proxy"`
	ProxyFile    string `yaml:"proxy_file"`
	AllowPrivate bool   `yaml:"allow_private"`
}

// Defaults implements strict.Defaulter.
func (x *X) Defaults() {
	*x = X{URL: "https://api.x.com", Mode: "stream", Budget: XBudget{USDPerPost: 0.005}}
}

// Defaults implements strict.Defaulter.
func (m *Mastodon) Defaults() {
	*m = Mastodon{Transport: "auto", PollEvery: Span(time.Minute), Backfill: Span(3 * 24 * time.Hour)}
}

// Defaults implements strict.Defaulter.
func (b *Bluesky) Defaults() {
	*b = Bluesky{Wire: "auto", Profiles: "https://public.api.bsky.app", Backfill: Span(time.Hour), Quiet: Span(time.Minute)}
}

// clone returns a copy that shares nothing with c.
func (c *Collectors) clone() Collectors {
	out := Collectors{Mastodon: slices.Clone(c.Mastodon)}
	if c.X != nil {
		x := *c.X
		out.X = &x
	}
	if c.XV1 != nil {
		x := *c.XV1
		out.XV1 = &x
	}
	if c.Bluesky != nil {
		b := *c.Bluesky
		b.Hosts = slices.Clone(b.Hosts)
		out.Bluesky = &b
	}
	return out
}

// secrets lists every secret of the sources with its path and its file.
func (c *Collectors) secrets(f func(path string, s *Secret, file *string)) {
	if x := c.X; x != nil {
		f("collectors.x.bearer_token", &x.BearerToken, &x.BearerTokenFile)
		f("collectors.x.proxy", &x.Proxy, &x.ProxyFile)
	}
	if x := c.XV1; x != nil {
		f("collectors.x_v1.token", &x.Token, &x.TokenFile)
		f("collectors.x_v1.proxy", &x.Proxy, &x.ProxyFile)
	}
	for i := range c.Mastodon {
		m, path := &c.Mastodon[i], fmt.Sprintf("collectors.mastodon[%d].", i)
		f(path+"token", &m.Token, &m.TokenFile)
		f(path+"proxy", &m.Proxy, &m.ProxyFile)
	}
	if b := c.Bluesky; b != nil {
		f("collectors.bluesky.proxy", &b.Proxy, &b.ProxyFile)
	}
}

type complain = func(path, format string, args ...any)

func (c *Collectors) check(campaigns []Campaign, bad complain) {
	if c.Any() && len(campaigns) == 0 {
		bad("collectors", "there is no campaign, so nothing to ask for; give at least one under campaigns")
	}
	c.secrets(func(path string, s *Secret, _ *string) {
		if strings.HasSuffix(path, ".proxy") && *s != "" && !isURL(s.Reveal(), "socks5", "socks5h", "http", "https") {
			bad(path, "this is no address of a proxy; write it like socks5h://127.0.0.1:9050")
		}
		if strings.HasSuffix(path, "token") && strings.ContainsAny(s.Reveal(), " \t\r\n") {
			bad(path, "a token has no blanks and is one line; write it alone into the file")
		}
	})
	if c.X != nil {
		c.X.check(bad)
	}
	if x := c.XV1; x != nil {
		address(x.URL, x.AllowPrivate, "collectors.x_v1.url", bad)
	}
	seen := map[string]int{}
	for i := range c.Mastodon {
		path := fmt.Sprintf("collectors.mastodon[%d]", i)
		c.Mastodon[i].check(path, bad)
		if u, err := url.Parse(c.Mastodon[i].Instance); err == nil && u.Host != "" {
			host := strings.ToLower(u.Host)
			if first, twice := seen[host]; twice {
				bad(path+".instance", "it is that of collectors.mastodon[%d] already; keep one of them", first)
			}
			seen[host] = i
		}
	}
	if c.Bluesky != nil {
		c.Bluesky.check(bad)
	}
}

func (x *X) check(bad complain) {
	const path = "collectors.x."
	if x.BearerToken == "" {
		bad(path+"bearer_token", "X gives posts to apps with a token only; make an app at developer.x.com, write its bearer token into a file and name that as bearer_token_file")
	}
	address(x.URL, x.AllowPrivate, path+"url", bad)
	choice(x.Mode, path+"mode", bad, "stream", "counts")
	if x.Budget.PostsPerDay == 0 && x.Budget.PostsPerMonth == 0 {
		bad(path+"budget", "X bills every post that it delivers; say how many you will pay for, as posts_per_month or posts_per_day (at $%.3f a post, 10000 posts are $%.0f)", x.Budget.USDPerPost, 10000*x.Budget.USDPerPost)
	}
	if p := x.Budget.USDPerPost; p < 0 || p > 1 {
		bad(path+"budget.usd_per_post", "it must be from 0 to 1")
	}
	if x.Backfill > Span(7*24*time.Hour) {
		bad(path+"backfill", "X's search reaches back 7 days; give at most 7d")
	}
	if x.Enterprise.BackfillMinutes > 5 {
		bad(path+"enterprise.backfill_minutes", "X gives 5 minutes at most")
	}
}

func (m *Mastodon) check(path string, bad complain) {
	address(m.Instance, m.AllowPrivate, path+".instance", bad)
	choice(m.Transport, path+".transport", bad, "auto", "websocket", "sse", "poll")
	if m.Streaming != "" {
		address(m.Streaming, m.AllowPrivate, path+".streaming", bad)
	}
	if m.Token == "" && (m.Transport == "websocket" || m.Transport == "sse") {
		bad(path+".token", "an instance streams to its users only; make a token with read:statuses under Preferences, Development, write it into a file and name that as token_file, or set transport: poll")
	}
	if m.PollEvery < Span(10*time.Second) || m.PollEvery > Span(time.Hour) {
		bad(path+".poll_every", "give a time from 10s to 1h")
	}
	if m.Backfill > Span(30*24*time.Hour) {
		bad(path+".backfill", "give at most 30d: instances allow few questions")
	}
}

func (b *Bluesky) check(bad complain) {
	const path = "collectors.bluesky."
	for i, h := range b.Hosts {
		// Jetstream's addresses are mostly given as those of WebSockets.
		if rest, ok := strings.CutPrefix(h, "ws"); ok {
			h = "http" + rest
		}
		address(h, b.AllowPrivate, fmt.Sprintf("%shosts[%d]", path, i), bad)
	}
	choice(b.Wire, path+"wire", bad, "auto", "events", "legacy")
	if b.Profiles != "none" {
		address(b.Profiles, b.AllowPrivate, path+"profiles", bad)
	}
	if b.Backfill > Span(24*time.Hour) {
		bad(path+"backfill", "Jetstream reaches back about a day; give at most 24h")
	}
}

// address checks an address that a token or a list of watched tags goes to:
// encrypted, unless the network in between is private.
func address(raw string, private bool, path string, bad complain) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || strings.Trim(u.Path, "/") != "":
		bad(path, "this is no address; write it like https://social.example")
	case u.Scheme == "http" && !private:
		bad(path, "http is not encrypted; write https, or set allow_private if the server is in your own network")
	case u.Scheme != "https" && u.Scheme != "http":
		bad(path, "this is no address; write it like https://social.example")
	}
}

func choice(value, path string, bad complain, known ...string) {
	if !slices.Contains(known, value) {
		bad(path, "%q is unknown; write one of %s", strict.Clip(value), strings.Join(known, ", "))
	}
}
