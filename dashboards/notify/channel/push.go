package channel

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/services/push/ntfy"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/specialized/generic"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"winnow/dashboards/notify/message"
)

// ntfyTopic is a topic of a server of ntfy.
type ntfyTopic struct{ c *ntfy.Config }

func (t *ntfyTopic) plain() bool  { return t.c.Scheme == "http" }
func (t *ntfyTopic) host() string { return t.c.Host }

// send publishes by https://docs.ntfy.sh/publish/.
func (t *ntfyTopic) send(ctx context.Context, n network, m message.Message) error {
	header := http.Header{"Content-Type": {"text/plain; charset=utf-8"}}
	set := func(key, value string) {
		if value != "" {
			header.Set(key, mime.BEncoding.Encode("utf-8", value))
		}
	}
	set("Title", m.Subject)
	set("Tags", strings.Join(t.c.Tags, ","))
	set("Priority", t.c.Priority.String())
	set("Click", t.c.Click)
	set("X-Icon", t.c.Icon)
	set("Email", t.c.Email)
	set("Delay", t.c.Delay)
	if t.c.Click == "" && len(m.Paragraphs) == 1 {
		set("Click", m.Paragraphs[0].Link)
	}
	if !t.c.Cache {
		set("Cache", "no")
	}
	if !t.c.Firebase {
		set("Firebase", "no")
	}
	if t.c.Username != "" || t.c.Password != "" {
		header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(t.c.Username+":"+t.c.Password)))
	}
	_, err := n.do(ctx, request{method: http.MethodPost, url: t.c.GetAPIURL(), header: header, body: []byte(m.Text(asIs))},
		func(answer []byte) string { return field(answer, "error") })
	return err
}

// webhook is any server that takes a request.
type webhook struct {
	c      *generic.Config
	header map[string]string
}

func (w *webhook) plain() bool  { return w.c.DisableTLS }
func (w *webhook) host() string { return w.c.WebhookURL().Host }

// send sends plain text, or with template=json an object with title, message,
// events, campaigns and link, under the names that the address gives them.
func (w *webhook) send(ctx context.Context, n network, m message.Message) error {
	params := types.Params{}
	contentType := w.c.ContentType
	if w.c.Template == "" {
		contentType = "text/plain; charset=utf-8"
		params[w.c.MessageKey] = m.Subject + "\n\n" + m.Text(asIs)
	} else {
		params["events"] = strings.Join(m.Kinds, ",")
		params["campaigns"] = strings.Join(m.Campaigns, ",")
		if len(m.Paragraphs) > 0 && m.Paragraphs[0].Link != "" {
			params["link"] = m.Paragraphs[0].Link
		}
		params[w.c.TitleKey] = m.Subject
		params[w.c.MessageKey] = m.Text(asIs)
	}
	c := *w.c
	if c.Template != "" {
		c.Template = generic.JSONTemplate
	}
	payload, err := (&generic.Service{}).GetPayload(&c, params)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	body, err := io.ReadAll(payload)
	if err != nil {
		return fmt.Errorf("writing a message: %w", err)
	}
	header := http.Header{}
	header.Set("Content-Type", contentType)
	for key, value := range w.header {
		header.Set(key, value)
	}
	_, err = n.do(ctx, request{method: c.RequestMethod, url: c.WebhookURL().String(), header: header, body: body}, nil)
	return err
}
