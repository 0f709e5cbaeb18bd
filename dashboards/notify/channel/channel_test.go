package channel

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"mime"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	slackURL    = "slack://hook:T00000000-B00000000-hunter2xxxxxxxxxxxxxxxxx@webhook"
	slackBot    = "slack://xoxb:123456789012-1234567890123-hunter2xxxxxxxxxxxxxxxxx@C001CHANNEL"
	telegramURL = "telegram://123456789:hunter2-hunter2@telegram?chats=@games,-100123:7"
	matrixURL   = "matrix://:hunter2@matrix.example.org/?rooms=!room:example.org"
	ntfyURL     = "ntfy://anna:hunter2@ntfy.example.org/hunter2-topic?tags=warning&priority=high"
	hookURL     = "mattermost://chat.example.org/hunter2"
	genericURL  = "generic+https://hook.example.org/hunter2?@Authorization=Bearer+hunter2&template=json&$source=winnow"
)

// json decodes a body.
func decoded(t *testing.T, body string) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal([]byte(body), &object); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return object
}

func TestEachChannel(t *testing.T) {
	matrixAnswer := func(r got) (int, string, string) {
		if strings.Contains(r.url, "/join/") {
			return 200, "", `{"room_id":"!room:example.org"}`
		}
		return 200, "", `{"event_id":"$1"}`
	}
	for _, c := range []struct {
		name, url string
		answer    func(got) (int, string, string)
		requests  int
		check     func(t *testing.T, all []got)
	}{
		{"slack", slackURL, func(got) (int, string, string) { return 200, "", "ok" }, 1, func(t *testing.T, all []got) {
			r := all[0]
			if r.url != "https://hooks.slack.com/services/T00000000/B00000000/hunter2xxxxxxxxxxxxxxxxx" {
				t.Errorf("asked %s", r.url)
			}
			for _, bad := range []string{"<!channel>", `\u003c!channel`} {
				if strings.Contains(r.body, bad) {
					t.Errorf("a text calls everybody: %s", r.body)
				}
			}
			if !strings.Contains(r.body, "Açıq Oyunlar") || !strings.Contains(r.body, "https://desk.example.org/campaign?name=A_B") {
				t.Errorf("sent %s", r.body)
			}
		}},
		{"slack with a token", slackBot, func(got) (int, string, string) { return 200, "", `{"ok":true}` }, 1, func(t *testing.T, all []got) {
			if r := all[0]; r.url != slackAPI || r.header.Get("Authorization") != "Bearer xoxb-123456789012-1234567890123-hunter2xxxxxxxxxxxxxxxxx" || decoded(t, r.body)["channel"] != "C001CHANNEL" {
				t.Errorf("asked %s with %v: %s", r.url, r.header, r.body)
			}
		}},
		{"mattermost", hookURL, nil, 1, func(t *testing.T, all []got) {
			r := all[0]
			if r.url != "https://chat.example.org/hooks/hunter2" {
				t.Errorf("asked %s", r.url)
			}
			text, _ := decoded(t, r.body)["text"].(string)
			for _, bad := range []string{"@all", "](http", "![", " *b*", "https://evil"} {
				if strings.Contains(text, bad) {
					t.Errorf("a text is taken for %q: %s", bad, text)
				}
			}
			if !strings.Contains(text, "https://desk.example.org/campaign?name=A_B") {
				t.Errorf("the link is broken: %s", text)
			}
		}},
		{"matrix", matrixURL, matrixAnswer, 2, func(t *testing.T, all []got) {
			if r := all[0]; r.method != http.MethodPost || r.url != "https://matrix.example.org/_matrix/client/v3/join/%21room:example.org" {
				t.Errorf("asked %s %s", r.method, r.url)
			}
			r := all[1]
			if r.method != http.MethodPut || !strings.HasPrefix(r.url, "https://matrix.example.org/_matrix/client/v3/rooms/%21room:example.org/send/m.room.message/winnow-") {
				t.Errorf("asked %s %s", r.method, r.url)
			}
			if r.header.Get("Authorization") != "Bearer hunter2" || strings.Contains(r.url, "hunter2") {
				t.Error("the token is not where it belongs")
			}
			if object := decoded(t, r.body); object["msgtype"] != "m.text" || !strings.Contains(object["body"].(string), "41 accounts") {
				t.Errorf("sent %v", object)
			}
		}},
		{"telegram", telegramURL, func(got) (int, string, string) { return 200, "", `{"ok":true}` }, 2, func(t *testing.T, all []got) {
			if r := all[0]; r.url != "https://api.telegram.org/bot123456789:hunter2-hunter2/sendMessage" {
				t.Errorf("asked %s", r.url)
			}
			first, second := decoded(t, all[0].body), decoded(t, all[1].body)
			if first["chat_id"] != "@games" || second["chat_id"] != "-100123" || second["message_thread_id"] != 7.0 {
				t.Errorf("sent to %v and %v", first["chat_id"], second["chat_id"])
			}
			if first["parse_mode"] != nil || first["disable_web_page_preview"] != true {
				t.Errorf("sent %v", first)
			}
		}},
		{"ntfy", ntfyURL, func(got) (int, string, string) { return 200, "", `{}` }, 1, func(t *testing.T, all []got) {
			r := all[0]
			if r.url != "https://ntfy.example.org/hunter2-topic" {
				t.Errorf("asked %s", r.url)
			}
			title, err := new(mime.WordDecoder).DecodeHeader(r.header.Get("Title"))
			if err != nil || title != sample.Subject {
				t.Errorf("the title is %q, %v", title, err)
			}
			if want := "Basic " + base64.StdEncoding.EncodeToString([]byte("anna:hunter2")); r.header.Get("Authorization") != want {
				t.Errorf("authorised by %q", r.header.Get("Authorization"))
			}
			if r.header.Get("Tags") != "warning" || !strings.EqualFold(r.header.Get("Priority"), "high") || r.header.Get("Click") != sample.Paragraphs[0].Link {
				t.Errorf("headers %v", r.header)
			}
			if !strings.HasPrefix(r.body, "41 accounts act together.\n") {
				t.Errorf("sent %q", r.body)
			}
		}},
		{"webhook, JSON", genericURL, nil, 1, func(t *testing.T, all []got) {
			r := all[0]
			if r.url != "https://hook.example.org/hunter2" || r.header.Get("Authorization") != "Bearer hunter2" || r.header.Get("Content-Type") != "application/json" {
				t.Errorf("asked %s with %v", r.url, r.header)
			}
			object := decoded(t, r.body)
			for key, want := range map[string]string{
				"title": sample.Subject, "events": "attack_begins", "campaigns": "Açıq Oyunlar", "link": sample.Paragraphs[0].Link, "source": "winnow",
			} {
				if object[key] != want {
					t.Errorf("%s is %v, want %q", key, object[key], want)
				}
			}
		}},
		{"webhook, text", "generic://hook.example.org/path?key=1", nil, 1, func(t *testing.T, all []got) {
			if r := all[0]; r.url != "https://hook.example.org/path?key=1" || !strings.HasPrefix(r.body, sample.Subject+"\n\n41 accounts") || r.header.Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("asked %s: %q", r.url, r.body)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, c.answer)
			if err := f.open(t, c.url).Send(t.Context(), sample); err != nil {
				t.Fatal(err)
			}
			if len(f.requests) != c.requests {
				t.Fatalf("%d requests: %v", len(f.requests), f.requests)
			}
			c.check(t, f.requests)
		})
	}
}

// What a receiver refuses is an error that says whether trying again can help, and
// never what the address is.
func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name, url    string
		status       int
		header, body string
		permanent    bool
		after        time.Duration
		says         string
	}{
		{"slack gone", slackURL, 404, "", "no_service", true, 0, "404 Not Found: no_service"},
		{"slack busy", slackURL, 429, "30", "", false, 30 * time.Second, "429"},
		{"slack, token refused", slackBot, 200, "", `{"ok":false,"error":"invalid_auth"}`, true, 0, "invalid_auth"},
		{"slack, token busy", slackBot, 200, "", `{"ok":false,"error":"ratelimited"}`, false, 0, "ratelimited"},
		{"mattermost", hookURL, 400, "", `{"message":"Invalid webhook"}`, true, 0, "400 Bad Request: Invalid webhook"},
		{"matrix", matrixURL, 403, "", `{"errcode":"M_FORBIDDEN"}`, true, 0, "M_FORBIDDEN"},
		{"matrix without a room", matrixURL, 200, "", `{}`, false, 0, "named no room"},
		{"telegram", telegramURL, 401, "", `{"ok":false,"description":"Unauthorized"}`, true, 0, "401 Unauthorized: Unauthorized"},
		{"telegram, not its words", telegramURL, 502, "", `<html>`, false, 0, "502"},
		{"ntfy", ntfyURL, 507, "", `{"error":"limit reached"}`, false, 0, "limit reached"},
		{"ntfy waits for ever", ntfyURL, 429, "99999999", ``, false, time.Hour, "429"},
		{"webhook", genericURL, 500, "never", "x", false, 0, "500"},
		{"webhook leads away", genericURL, 302, "", "", true, 0, "302"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFake(t, func(got) (int, string, string) { return c.status, c.header, c.body })
			err := f.open(t, c.url).Send(t.Context(), sample)
			var failure *Failure
			if !errors.As(err, &failure) {
				t.Fatalf("got %v", err)
			}
			if failure.Permanent != c.permanent || failure.After != c.after || !strings.Contains(failure.Error(), c.says) {
				t.Errorf("permanent %v after %v: %v", failure.Permanent, failure.After, failure)
			}
			if strings.Contains(failure.Error(), "hunter2") {
				t.Errorf("a secret shows: %v", failure)
			}
		})
	}
}

// Nobody at the other end is a failure that passes, and no success: not for
// Telegram either. Its error holds no secret.
func TestNobodyThere(t *testing.T) {
	f := newFake(t, nil)
	f.Close()
	for _, address := range []string{slackURL, slackBot, hookURL, matrixURL, telegramURL, ntfyURL, genericURL} {
		err := f.open(t, address).Send(t.Context(), sample)
		var failure *Failure
		if !errors.As(err, &failure) || failure.Permanent {
			t.Errorf("%s: %v", strings.SplitN(address, ":", 2)[0], err)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a secret shows: %v", err)
		}
	}
}

// A private network is left alone unless it is meant, whatever a name resolves to,
// and the connection is refused before anything is sent.
func TestPrivateNetworks(t *testing.T) {
	f := newFake(t, nil)
	_, port, err := net.SplitHostPort(f.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{
		"generic://127.0.0.1:" + port + "/?disabletls=no", "ntfy://[::1]/topic", "ntfy://192.168.1.7/topic", "mattermost://localhost/token",
		"matrix://:t@10.0.0.1/?rooms=!r:a", "smtp://mail.localhost:25/?from=a@b.example&to=c@d.example", "smtp://169.254.169.254/?from=a@b.example&to=c@d.example",
	} {
		if err := Check(address, false); err == nil || !strings.Contains(err.Error(), "allow_private") {
			t.Errorf("%s: %v", address, err)
		}
		if err := Check(address, true); err != nil {
			t.Errorf("%s, allowed: %v", address, err)
		}
	}
	c, err := Open(Options{URL: "generic://127.0.0.1:" + port + "/hook?disabletls=yes", AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), sample); err != nil {
		t.Errorf("allowed: %v", err)
	}
	if len(f.requests) != 1 {
		t.Errorf("%d requests", len(f.requests))
	}
}
