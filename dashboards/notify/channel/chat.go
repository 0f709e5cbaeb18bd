package channel

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/matrix"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/mattermost"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/slack"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/telegram"

	"winnow/dashboards/notify/message"
)

// asIs is for channels that take a text for nothing but a text.
func asIs(s string) string { return s }

// slackHook is a webhook of Slack, or its API with a bot's token.
type slackHook struct{ c *slack.Config }

func (*slackHook) plain() bool  { return false }
func (*slackHook) host() string { return "slack.com" }

// slackAPI is https://docs.slack.dev/reference/methods/chat.postMessage.
const slackAPI = "https://slack.com/api/chat.postMessage"

// slackText is how Slack wants its three special characters: without, a text could
// call everybody in a channel.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
var slackText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func (s *slackHook) send(ctx context.Context, n network, m message.Message) error {
	c := *s.c
	c.Title = slackText.Replace(m.Subject)
	to := c.Token.WebhookURL
	if c.Token.IsAPIToken() {
		to = func() string { return slackAPI }
	}
	r, err := post(to(), slack.CreateJSONPayload(&c, strings.ReplaceAll(m.Text(slackText.Replace), "\n\n", "\n")))
	if err != nil {
		return err
	}
	if !c.Token.IsAPIToken() {
		// A webhook answers by a status and a word such as no_service.
		_, err = n.do(ctx, r, func(answer []byte) string { return string(answer) })
		return err
	}
	r.header.Set("Authorization", c.Token.Authorization())
	answer, err := n.do(ctx, r, nil)
	if err != nil {
		return err
	}
	if why := field(answer, "error"); why != "" {
		return &Failure{Permanent: why != "ratelimited" && why != "internal_error", Err: fmt.Errorf("the server of Slack refused it: %s", shown(why))}
	}
	return nil
}

// mattermostHook is an incoming webhook of Mattermost.
type mattermostHook struct{ c *mattermost.Config }

func (h *mattermostHook) plain() bool  { return h.c.DisableTLS }
func (h *mattermostHook) host() string { return h.c.Host }

// markdown keeps a text from being taken for Markdown, a mention or a picture.
func markdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '@':
			b.WriteString("@\u200b") // nobody is called
			continue
		case strings.ContainsRune("\\`*_{}[]()#+-!|<>~", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	// A link would be fetched to show what is behind it.
	return strings.ReplaceAll(b.String(), "://", ":\u200b//")
}

func (h *mattermostHook) send(ctx context.Context, n network, m message.Message) error {
	c := *h.c
	body, err := mattermost.CreateJSONPayload(&c, "**"+markdown(m.Subject)+"**\n\n"+m.Text(markdown), nil)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	to := url.URL{Scheme: scheme(c.DisableTLS), Host: c.Host, Path: "/hooks/" + c.Token}
	_, err = n.do(ctx, request{
		method: http.MethodPost, url: to.String(), body: body, header: http.Header{"Content-Type": {"application/json"}},
	}, func(answer []byte) string { return field(answer, "message") })
	return err
}

// matrixRoom is one room of Matrix, or several.
type matrixRoom struct{ c *matrix.Config }

func (r *matrixRoom) plain() bool  { return r.c.DisableTLS }
func (r *matrixRoom) host() string { return r.c.Host }

// send joins each room, which changes nothing for who is in it, and puts the message
// there. The library posts without a transaction, with its token in the address; this
// is the client API v1.11, https://spec.matrix.org/v1.11/client-server-api/: a message
// that is sent twice under one transaction is there once.
func (r *matrixRoom) send(ctx context.Context, n network, m message.Message) error {
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + r.c.Password}}
	explain := func(answer []byte) string { return field(answer, "errcode") }
	base := url.URL{Scheme: scheme(r.c.DisableTLS), Host: r.c.Host, Path: "/"}
	for _, room := range r.c.Rooms {
		join := base.JoinPath("_matrix/client/v3/join", url.PathEscape(room)).String()
		answer, err := n.do(ctx, request{method: http.MethodPost, url: join, body: []byte("{}"), header: header}, explain)
		if err != nil {
			return err
		}
		id := field(answer, "room_id")
		if id == "" {
			return &Failure{Err: errors.New("the server of Matrix named no room")}
		}
		body := map[string]string{"msgtype": "m.text", "body": m.Subject + "\n\n" + m.Text(asIs)}
		put, err := post(base.JoinPath("_matrix/client/v3/rooms", url.PathEscape(id), "send/m.room.message", transaction(m, id)).String(), body)
		if err != nil {
			return err
		}
		put.method, put.header = http.MethodPut, header
		if _, err := n.do(ctx, put, explain); err != nil {
			return err
		}
	}
	return nil
}

// transaction is the same for the same message in the same room.
func transaction(m message.Message, room string) string {
	sum := sha256.Sum256([]byte(m.ID + "\n" + room))
	return "winnow-" + hex.EncodeToString(sum[:12])
}

// telegramBot is a bot of Telegram and the chats that it writes to.
type telegramBot struct{ c *telegram.Config }

func (*telegramBot) plain() bool  { return false }
func (*telegramBot) host() string { return "api.telegram.org" }

// send sends to each chat, as plain text and without a preview, for which Telegram
// would open the desk's address. https://core.telegram.org/bots/api#sendmessage
func (t *telegramBot) send(ctx context.Context, n network, m message.Message) error {
	for _, chat := range t.c.Chats {
		id, thread, threaded := strings.Cut(chat, ":")
		p := telegram.SendMessagePayload{
			Text: m.Subject + "\n\n" + m.Text(asIs), ID: id, DisablePreview: true, DisableNotification: !t.c.Notification,
		}
		if number, err := strconv.Atoi(thread); threaded && err == nil {
			p.MessageThreadID = &number
		}
		r, err := post("https://api.telegram.org/bot"+t.c.Token+"/sendMessage", p)
		if err != nil {
			return err
		}
		if _, err := n.do(ctx, r, func(answer []byte) string { return field(answer, "description") }); err != nil {
			return err
		}
	}
	return nil
}

func scheme(plain bool) string {
	if plain {
		return "http"
	}
	return "https"
}
