package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"winnow/cmd/config/strict"
	"winnow/dashboards/notify/alert"
	"winnow/dashboards/notify/channel"
	"winnow/dashboards/notify/pace"
)

// Notify is who is told of what, outside the pages.
type Notify struct {
	// DeskURL is the address of the desk as receivers reach it; empty for no links.
	DeskURL   string     `yaml:"desk_url"`
	Receivers []Receiver `yaml:"receivers"`
}

// Receiver is somebody to be told, by one channel.
type Receiver struct {
	Name string `yaml:"name"`
	// URL is an address in the form of shoutrrr, such as ntfy://ntfy.sh/topic.
	URL     Secret `yaml:"url"`
	URLFile string `yaml:"url_file"`
	// Campaigns and Events are those to be told of; none means all.
	Campaigns []string `yaml:"campaigns"`
	Events    []string `yaml:"events"`
	// Include adds handles and texts of findings; none means neither.
	Include []string `yaml:"include"`
	Quiet   *Quiet   `yaml:"quiet,omitempty"`
	// MaxPerHour is the most messages in an hour.
	MaxPerHour   uint64 `yaml:"max_per_hour"`
	Proxy        Secret `yaml:"proxy"`
	ProxyFile    string `yaml:"proxy_file"`
	AllowPrivate bool   `yaml:"allow_private"`
}

// Quiet are the hours in which a receiver is not woken.
type Quiet struct {
	From Clock `yaml:"from"`
	To   Clock `yaml:"to"`
	// Zone is a name such as Europe/Berlin.
	Zone string `yaml:"zone"`
	// Urgent lets through that an attack begins.
	Urgent bool `yaml:"urgent"`
}

// What Receiver.Include may name.
const (
	includeHandles = "handles"
	includeText    = "text"
)

// maxMessages is the highest Receiver.MaxPerHour.
const maxMessages = 60

// Defaults implements strict.Defaulter.
func (r *Receiver) Defaults() { *r = Receiver{MaxPerHour: 6} }

// clone returns a copy whose receivers are its own.
func (n *Notify) clone() Notify {
	return Notify{DeskURL: n.DeskURL, Receivers: slices.Clone(n.Receivers)}
}

// secrets lists every secret of the receivers with its path and its file.
func (n *Notify) secrets(f func(path string, s *Secret, file *string)) {
	for i := range n.Receivers {
		r, path := &n.Receivers[i], fmt.Sprintf("notify.receivers[%d].", i)
		f(path+"url", &r.URL, &r.URLFile)
		f(path+"proxy", &r.Proxy, &r.ProxyFile)
	}
}

func (n *Notify) check(campaigns []Campaign, bad complain) {
	if n.DeskURL != "" {
		u, err := url.Parse(n.DeskURL)
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http" {
			bad("notify.desk_url", "this is no address; write it like https://desk.example.org")
		}
	}
	names := map[string]int{}
	for i := range n.Receivers {
		r, path := &n.Receivers[i], fmt.Sprintf("notify.receivers[%d]", i)
		first, twice := names[r.Name]
		switch {
		case r.Name == "" || strings.TrimSpace(r.Name) != r.Name || len(r.Name) > 100 || strings.ContainsFunc(r.Name, func(c rune) bool { return c < ' ' || c == 0x7f }):
			bad(path+".name", "a receiver needs a name of at most 100 bytes, in one line and without blanks around it; give one")
		case twice:
			bad(path+".name", "%q is the name of receivers[%d] already; give each its own", strict.Clip(r.Name), first)
		default:
			names[r.Name] = i
		}
		r.check(path, campaigns, bad)
	}
}

func (r *Receiver) check(path string, campaigns []Campaign, bad complain) {
	switch {
	case r.URL == "":
		bad(path+".url", "where is it to go? write the address alone into a file and name it as url_file")
	case r.URL == hidden: // in a dump, which loads again
	default:
		if err := channel.Check(r.URL.Reveal(), r.AllowPrivate); err != nil {
			bad(path+".url", "%v", err)
		}
	}
	if r.Proxy != "" && r.Proxy != hidden {
		mail := strings.HasPrefix(strings.ToLower(r.URL.Reveal()), "smtp:")
		switch {
		case !isURL(r.Proxy.Reveal(), "socks5", "socks5h", "http", "https"):
			bad(path+".proxy", "this is no address of a proxy; write it like socks5h://127.0.0.1:9050")
		case mail && !isURL(r.Proxy.Reveal(), "socks5", "socks5h"):
			bad(path+".proxy", "mail goes through a SOCKS proxy only; write it like socks5h://127.0.0.1:9050")
		}
	}
	for j, name := range r.Campaigns {
		if !slices.ContainsFunc(campaigns, func(c Campaign) bool { return c.Name == name }) {
			bad(fmt.Sprintf("%s.campaigns[%d]", path, j), "there is no campaign %q; write a name that stands under campaigns", strict.Clip(name))
		}
	}
	kinds := make([]string, 0, len(alert.Kinds()))
	for _, k := range alert.Kinds() {
		kinds = append(kinds, string(k))
	}
	for j, event := range r.Events {
		choice(event, fmt.Sprintf("%s.events[%d]", path, j), bad, kinds...)
	}
	for j, what := range r.Include {
		choice(what, fmt.Sprintf("%s.include[%d]", path, j), bad, includeHandles, includeText)
	}
	if r.MaxPerHour < 1 || r.MaxPerHour > maxMessages {
		bad(path+".max_per_hour", "give a number from 1 to %d; what is over it comes later in one message", maxMessages)
	}
	if r.Quiet != nil {
		r.Quiet.check(path+".quiet", bad)
	}
}

func (q *Quiet) check(path string, bad complain) {
	for _, c := range []struct {
		key  string
		text Clock
	}{{"from", q.From}, {"to", q.To}} {
		if c.text == "" {
			bad(path+"."+c.key, "quiet hours need both from and to; write a time of day like \"22:00\"")
		}
	}
	if q.From != "" && q.From == q.To {
		bad(path+".to", "it is the same as from, so nothing is quiet; give another time, or leave quiet out")
	}
	if q.Zone == "" {
		bad(path+".zone", "in which time zone? write a name like Europe/Berlin, or UTC")
	} else if _, err := zone(q.Zone); err != nil {
		bad(path+".zone", "%q is no time zone; write a name like Europe/Berlin, or UTC", strict.Clip(q.Zone))
	}
}

// zone finds a time zone. "Local" is none: it would be that of a container.
func zone(name string) (*time.Location, error) {
	if name == "Local" {
		return nil, errors.New("the local zone is not known by others")
	}
	return time.LoadLocation(name)
}

// Clock is a time of day, written like "22:00".
type Clock string

const clockForm = `a time of day like "22:00"`

// Form implements strict.Scalar.
func (*Clock) Form() string { return clockForm }

// Scan implements strict.Scalar.
func (c *Clock) Scan(text string) error {
	if _, err := pace.ParseClock(text); err != nil {
		return fmt.Errorf("%w; write %s", err, clockForm)
	}
	*c = Clock(text)
	return nil
}

// Kinds are the events as package alert names them.
func (r *Receiver) Kinds() []alert.Kind {
	kinds := make([]alert.Kind, 0, len(r.Events))
	for _, e := range r.Events {
		kinds = append(kinds, alert.Kind(e))
	}
	return kinds
}

// Includes reports whether messages are to hold handles, and texts.
func (r *Receiver) Includes() (handles, texts bool) {
	return slices.Contains(r.Include, includeHandles), slices.Contains(r.Include, includeText)
}

// Limits are when a receiver may be told, and how often. What Validate would refuse
// is an error.
func (r *Receiver) Limits() (pace.Limits, error) {
	l := pace.Limits{PerHour: int(r.MaxPerHour)}
	if r.Quiet == nil {
		return l, nil
	}
	from, err := pace.ParseClock(string(r.Quiet.From))
	if err != nil {
		return l, err
	}
	to, err := pace.ParseClock(string(r.Quiet.To))
	if err != nil {
		return l, err
	}
	z, err := zone(r.Quiet.Zone)
	if err != nil {
		return l, err
	}
	l.Quiet = &pace.Quiet{From: from, To: to, Zone: z, Urgent: r.Quiet.Urgent}
	return l, nil
}
