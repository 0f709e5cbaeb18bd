package words

import (
	"fmt"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"winnow/dashboards/desk/access/user"
)

// Kind says what a finding of a kind is about.
func (t *Teller) Kind(kind string) string {
	switch kind {
	case "copies":
		return t.Text("Same content, posted together")
	case "reposts":
		return t.Text("Reposts in step")
	case "pile-on":
		return t.Text("Pile-on")
	case "flood":
		return t.Text("Flood")
	}
	return kind
}

// object names a kind of shared object.
func (t *Teller) object(kind string) string {
	switch kind {
	case "repost":
		return t.Text("reposted post")
	case "link":
		return t.Text("link")
	case "text":
		return t.Text("text")
	case "tags":
		return t.Text("set of tags")
	case "image":
		return t.Text("image")
	case "reply":
		return t.Text("post replied to")
	case "mention":
		return t.Text("account mentioned")
	case "shared":
		return t.Text("shared object")
	case "moment":
		return t.Text("moment")
	}
	return kind
}

// signal says what was noticed about an account.
func (t *Teller) signal(signal string) string {
	switch signal {
	case "declared bot":
		return t.Text("declared bot")
	case "default profile":
		return t.Text("default profile")
	case "young account":
		return t.Text("young account")
	case "never sleeps":
		return t.Text("never sleeps")
	case "posts like clockwork":
		return t.Text("posts like clockwork")
	}
	return signal
}

// role names what somebody may do.
func (t *Teller) role(role user.Role) string {
	switch role {
	case user.Viewer:
		return t.Text("viewer")
	case user.Analyst:
		return t.Text("analyst")
	case user.Admin:
		return t.Text("admin")
	}
	return string(role)
}

// Platform names a platform as it calls itself.
func (t *Teller) Platform(platform string) string {
	switch platform {
	case "x":
		return "X"
	case "mastodon":
		return "Mastodon"
	case "bluesky":
		return "Bluesky"
	case "archive":
		return t.Text("Archive")
	}
	return platform
}

// Step names the length of a bucket.
func (t *Teller) Step(step time.Duration) string {
	switch step {
	case time.Minute:
		return t.Text("minute")
	case time.Hour:
		return t.Text("hour")
	case 24 * time.Hour:
		return t.Text("day")
	}
	return fmt.Sprint(step)
}

// thing names a kind of thing that is talked about.
func (t *Teller) thing(kind string) string {
	switch kind {
	case "repost":
		return t.Text("reposted post")
	case "tag":
		return t.Text("tag")
	case "language":
		return t.Text("language")
	}
	return t.object(kind)
}

// languageName names a language by its code; one that nobody knows by the code itself.
func (t *Teller) languageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	if code == "und" {
		return t.Text("not told")
	}
	if name := display.Languages(language.Make(t.Language().Code)).Name(tag); name != "" && tag != language.Und {
		return name
	}
	return code
}
