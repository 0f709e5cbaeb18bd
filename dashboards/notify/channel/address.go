package channel

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/format"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/matrix"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/slack"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/telegram"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/email/smtp"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/specialized/generic"

	"winnow/collectors/dial"
)

// forms is how an address of each kind is written.
var forms = []struct{ scheme, form string }{
	{"smtp", "smtp://user:password@mail.example.org:587/?from=winnow@example.org&to=anna@example.org"},
	{"slack", "slack://hook:T00000000-B00000000-XXXXXXXXXXXXXXXXXXXXXXXX@webhook"},
	{"mattermost", "mattermost://chat.example.org/TOKEN"},
	{"matrix", "matrix://:TOKEN@matrix.example.org/?rooms=!room:example.org"},
	{"telegram", "telegram://TOKEN@telegram?chats=@channel"},
	{"ntfy", "ntfy://ntfy.sh/topic"},
	{"generic", "generic+https://hook.example.org/path"},
}

// Schemes are the beginnings of addresses.
func Schemes() []string {
	out := make([]string, len(forms))
	for i := range forms {
		out[i] = forms[i].scheme
	}
	return out
}

var (
	errPlain      = errors.New("it is not encrypted; leave disabletls out, or set allow_private if the server is in your own network")
	errUnverified = errors.New("certificates are always checked; leave that parameter out, and give SSL_CERT_FILE an authority of your own")
)

// parse reads an address. The library's errors repeat it, so ours are shown.
func parse(address string, private bool) (addressed, error) {
	scheme, _, _ := strings.Cut(address, ":")
	scheme, custom, _ := strings.Cut(strings.ToLower(scheme), "+")
	form := ""
	for _, f := range forms {
		if f.scheme == scheme {
			form = f.form
		}
	}
	if form == "" {
		return nil, errors.New("this is no address of a receiver; it begins with one of " + strings.Join(Schemes(), "://, ") + "://")
	}
	wrong := errors.New("this is no address of the kind " + scheme + "; write it like " + form)
	u, err := url.Parse(address)
	// The library takes everything for right at dummy.com, which is in its tests.
	if err != nil || u.Host == "" || u.Host == "dummy.com" || custom != "" && scheme != "generic" {
		return nil, wrong
	}
	s, err := read(scheme, u)
	switch {
	case errors.Is(err, errUnverified), errors.Is(err, errAdvice):
		return nil, err
	case err != nil:
		return nil, wrong
	case !private && s.plain():
		return nil, errPlain
	case !private && !public(s.host()):
		return nil, errors.New("it is in a private network; set allow_private if that is meant")
	}
	return s, nil
}

// errAdvice marks errors of ours that hold no address.
var errAdvice = errors.New("")

// addressed is a sender that can be checked.
type addressed interface {
	sender
	// plain is true if it is asked not to encrypt.
	plain() bool
	host() string
}

func read(scheme string, u *url.URL) (addressed, error) {
	switch scheme {
	case "smtp":
		return readMail(u)
	case "slack":
		c := &slack.Config{}
		return &slackHook{c}, c.SetURL(u)
	case "mattermost":
		c := &mattermost.Config{}
		return &mattermostHook{c}, c.SetURL(u)
	case "matrix":
		return readMatrix(u)
	case "telegram":
		c := &telegram.Config{Notification: true}
		return &telegramBot{c}, c.SetURL(u)
	case "ntfy":
		return readNtfy(u)
	}
	return readWebhook(u)
}

func readMatrix(u *url.URL) (addressed, error) {
	c := &matrix.Config{}
	for _, key := range []string{"rooms", "room"} {
		for _, value := range u.Query()[key] {
			if slices.Contains(strings.Split(value, ","), "") { // which the library does not expect
				return nil, errors.New("a room without a name")
			}
		}
	}
	if err := c.SetURL(u); err != nil {
		return nil, err
	}
	if c.User != "" {
		return nil, advice("matrix wants an access token, not a user and a password; write matrix://:TOKEN@host/?rooms=!room:example.org")
	}
	if c.Password == "" || len(c.Rooms) == 0 {
		return nil, errors.New("no token or no room")
	}
	return &matrixRoom{c}, nil
}

func readNtfy(u *url.URL) (addressed, error) {
	c := &ntfy.Config{}
	defaults := format.NewPropKeyResolver(c)
	_ = defaults.SetDefaultProps(c) // what has no default is an error, and stays empty
	if err := c.SetURL(u); err != nil {
		return nil, err
	}
	if c.DisableTLSVerification {
		return nil, errUnverified
	}
	if c.DisableTLS {
		c.Scheme = "http"
	}
	if strings.Contains(c.Topic, "/") || c.Scheme != "http" && c.Scheme != "https" {
		return nil, errors.New("no topic")
	}
	return &ntfyTopic{c}, nil
}

func readWebhook(u *url.URL) (addressed, error) {
	service := &generic.Service{}
	if u.Scheme != generic.Scheme {
		if u.Scheme != "generic+https" && u.Scheme != "generic+http" {
			return nil, errors.New("no scheme of a webhook")
		}
		var err error
		if u, err = service.GetConfigURLFromCustom(u); err != nil {
			return nil, err
		}
	}
	c, _ := generic.DefaultConfig()
	if err := c.SetURL(u); err != nil {
		return nil, err
	}
	if c.Template != "" && !strings.EqualFold(c.Template, generic.JSONTemplate) {
		return nil, advice("a webhook takes plain text, or JSON with template=json; leave other templates out")
	}
	header := map[string]string{}
	for key, values := range c.GetURL().Query() {
		if name, ok := strings.CutPrefix(key, "@"); ok && len(values) > 0 {
			header[name] = values[0]
		}
	}
	return &webhook{c, header}, nil
}

func readMail(u *url.URL) (addressed, error) {
	c := &smtp.Config{
		Port: smtp.DefaultSMTPPort, Auth: smtp.AuthTypes.Unknown, Encryption: smtp.EncMethods.Auto,
		UseStartTLS: true, ClientHost: "localhost",
	}
	if err := c.SetURL(u); err != nil {
		return nil, err
	}
	c.FixEmailTags()
	if c.SkipTLSVerify {
		return nil, errUnverified
	}
	return newMail(c)
}

// advice is an error of ours, which parse shows as it is.
func advice(text string) error { return adviceError(text) }

type adviceError string

func (a adviceError) Error() string        { return string(a) }
func (a adviceError) Is(target error) bool { return target == errAdvice }

// public reports whether a host may lie in the public Internet, as far as that can
// be told from how it is written. Package dial looks again when it connects.
func public(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err != nil || dial.Public(a)
}
