package channel

import (
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for address, says := range map[string]string{
		"":                                            "it begins with one of",
		"hunter2":                                     "it begins with one of",
		"https://hooks.slack.com/hunter2":             "it begins with one of",
		"pushover://hunter2@hunter2":                  "it begins with one of",
		"logger://":                                   "it begins with one of",
		"slack://hunter2@webhook":                     "write it like slack://",
		"slack://dummy@dummy.com":                     "write it like slack://",
		"telegram://hunter2@telegram?chats=@c":        "write it like telegram://",
		"telegram://1:hunter2@telegram":               "write it like telegram://",
		"matrix://:hunter2@host.example":              "write it like matrix://",
		"matrix://:hunter2@host.example/?rooms=a,,b":  "write it like matrix://",
		"matrix://user:hunter2@host.example/?rooms=a": "access token",
		"matrix://:hunter2@host.example/?rooms=a&disabletls=yes":                 "not encrypted",
		"mattermost://host.example/":                                             "write it like mattermost://",
		"mattermost+https://host.example/hunter2":                                "write it like mattermost://",
		"ntfy://host.example/":                                                   "write it like ntfy://",
		"ntfy://host.example/a/b":                                                "write it like ntfy://",
		"ntfy://host.example/hunter2?scheme=http":                                "not encrypted",
		"ntfy://host.example/hunter2?disabletlsverification=yes":                 "always checked",
		"generic+http://host.example/hunter2":                                    "not encrypted",
		"generic+ftp://host.example/hunter2":                                     "write it like generic+https://",
		"generic://host.example/hunter2?template=mine":                           "template=json",
		"smtp://host.example/":                                                   "write it like smtp://",
		"smtp://host.example/?from=a@b.example":                                  "write it like smtp://",
		"smtp://host.example/?from=hunter2&to=a@b.example":                       "write it like smtp://",
		"smtp://host.example/?from=a@b.example&to=a@b.example%0aX":               "write it like smtp://",
		"smtp://host.example/?from=a@b.example&to=c@b.example&auth=OAuth2":       "auth=Plain",
		"smtp://host.example/?from=a@b.example&to=c@b.example&starttls=no":       "not encrypted",
		"smtp://host.example/?from=a@b.example&to=c@b.example&encryption=None":   "not encrypted",
		"smtp://host.example/?from=a@b.example&to=c@b.example&skiptlsverify=yes": "always checked",
		"smtp://host.example/?from=a@b.example&to=c@b.example&hunter2=1":         "write it like smtp://",
	} {
		err := Check(address, false)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", address, err, says)
			continue
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: a secret shows: %v", address, err)
		}
	}
	for _, f := range forms {
		address := strings.NewReplacer("TOKEN@telegram", "1234:abc@telegram").Replace(f.form)
		if err := Check(address, false); err != nil {
			t.Errorf("the form of %s that people are shown: %v", f.scheme, err)
		}
	}
}

// No address stops the program, and no error repeats one.
func FuzzCheck(f *testing.F) {
	for _, address := range []string{slackURL, slackBot, hookURL, matrixURL, telegramURL, ntfyURL, genericURL, mailURL, "slack://dummy@dummy.com", "matrix://:a@b/?rooms=,", "generic+://x"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		for _, private := range []bool{false, true} {
			err := Check(address, private)
			if _, rest, ok := strings.Cut(address, "://"); err != nil && ok && len(rest) > 60 && strings.Contains(err.Error(), rest) {
				t.Errorf("the error repeats the address: %v", err)
			}
		}
	})
}

// Where a channel leads is told without who is reached there, and by which right.
func TestPlaceOf(t *testing.T) {
	for address, want := range map[string]Place{
		"smtp://user:hunter2@mail.example.org:587/?from=winnow@example.org&to=anna@example.org": {"smtp", "mail.example.org"},
		"slack://hook:T00000000-B00000000-XXXXXXXXXXXXXXXXXXXXXXXX@webhook":                     {"slack", "slack.com"},
		"mattermost://chat.example.org/hunter2":                                                 {"mattermost", "chat.example.org"},
		"matrix://:hunter2@matrix.example.org/?rooms=!room:example.org":                         {"matrix", "matrix.example.org"},
		"telegram://12345678:AAhunter2-hunter2_hunter2hunter2hunter@telegram?chats=@channel":    {"telegram", "api.telegram.org"},
		"ntfy://user:hunter2@ntfy.example.org/topic":                                            {"ntfy", "ntfy.example.org"},
		"GENERIC+https://user:hunter2@hook.example.org:8443/hunter2?key=hunter2":                {"generic", "hook.example.org:8443"},
	} {
		got, err := PlaceOf(address, false)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", want.Kind, got, err)
		}
	}
	if got, err := PlaceOf("https://hook.example.org/hunter2", false); err == nil || got != (Place{}) || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("of no address: %+v, %v", got, err)
	}
}
