package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"

	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/finding"
)

// fakeBundler writes what it was asked for.
type fakeBundler struct{ err error }

func (f fakeBundler) Bundle(_ context.Context, w io.Writer, campaign, id string, receivers []string) error {
	if f.err != nil {
		return f.err
	}
	for _, key := range receivers {
		if !strings.HasPrefix(key, "age1") {
			return fmt.Errorf("read %q: %w", key, finding.ErrReceivers)
		}
	}
	_, err := fmt.Fprintf(w, "%s/%s for %q", campaign, id, receivers)
	return err
}

func bundleURL(id, to string) string {
	return strings.Replace(findingURL(richName, id), "/campaign/finding?", "/campaign/finding/bundle?", 1) + "&to=" + url.QueryEscape(to)
}

func TestBundle(t *testing.T) {
	h := newDesk(t, Options{Store: richStore(), Bundles: fakeBundler{}})
	for to, want := range map[string]struct{ kind, name, body string }{
		"":                {"application/zip", "winnow-bundle-2031-06-12.zip", richName + "/c0ffee01 for []"},
		"age1a\r\nage1b":  {"application/octet-stream", "winnow-c0ffee01-2031-06-12.zip.age", richName + `/c0ffee01 for ["age1a" "age1b"]`},
		" age1a , age1b ": {"application/octet-stream", "winnow-c0ffee01-2031-06-12.zip.age", richName + `/c0ffee01 for ["age1a" "age1b"]`},
	} {
		w := get(t, h, bundleURL("c0ffee01", to))
		if w.Code != 200 || w.Header().Get("Content-Type") != want.kind || w.Header().Get("Content-Disposition") != `attachment; filename="`+want.name+`"` || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d %v", to, w.Code, w.Header())
		}
		if w.Body.String() != want.body {
			t.Errorf("%q: %s", to, w.Body)
		}
	}
	if w := get(t, h, bundleURL("nope", "")); w.Code != 404 {
		t.Errorf("of no finding: %d", w.Code)
	}
	if w := get(t, h, bundleURL("c0ffee01", "ssh-rsa nonsense")); w.Code != 400 || !strings.Contains(w.Body.String(), "begins with age1") || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("to no key: %d %v", w.Code, w.Header())
	}
	if page := get(t, h, findingURL(richName, "c0ffee01")).Body.String(); !strings.Contains(page, "/campaign/finding/bundle?") || !strings.Contains(page, `name="to"`) {
		t.Error("the page offers no bundle")
	}
	failing := newDesk(t, Options{Store: richStore(), Bundles: fakeBundler{errors.New("the disk is gone")}})
	if w := get(t, failing, bundleURL("c0ffee01", "")); w.Code != 503 || strings.Contains(w.Body.String(), "the disk is gone") {
		t.Errorf("it cannot be made: %d %s", w.Code, w.Body)
	}
	without := newDesk(t, Options{Store: richStore()})
	if page := get(t, without, findingURL(richName, "c0ffee01")).Body.String(); strings.Contains(page, "/campaign/finding/bundle?") || get(t, without, bundleURL("c0ffee01", "")).Code != 404 {
		t.Error("a bundle is offered that nobody makes")
	}
}

func TestBundlesWithNamesNeedTheRoleAndAreAudited(t *testing.T) {
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: true} {
		t.Run(string(role), func(t *testing.T) {
			b := loggedIn(t, richStore(), role, func(o *Options) { o.Bundles = fakeBundler{} })
			page := b.get(findingURL(richName, "c0ffee01")).Body.String()
			if !strings.Contains(page, "/campaign/finding/bundle?") || strings.Contains(page, `name="to"`) != allowed {
				t.Error("what is offered is not what the role may")
			}
			if w := b.get(bundleURL("c0ffee01", "")); w.Code != 200 {
				t.Errorf("without names: %d", w.Code)
			}
			w := b.get(bundleURL("c0ffee01", "age1a"))
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(audited), `"event":"bundle with names taken out","user":"bela"`); got != allowed {
				t.Errorf("audited: %v\n%s", got, audited)
			}
			if got := w.Code == 200; got != allowed || !allowed && w.Code != 403 {
				t.Errorf("with names: %d", w.Code)
			}
		})
	}
}
