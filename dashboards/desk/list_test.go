package desk

import (
	"os"
	"strings"
	"testing"

	"winnow/dashboards/desk/access/user"
)

func listURL(name, id, format string) string {
	return strings.Replace(findingURL(name, id), "/campaign/finding?", "/campaign/finding/list?", 1) + "&format=" + format
}

func TestList(t *testing.T) {
	h := newDesk(t, Options{Store: richStore()})
	for _, test := range []struct {
		format, kind, name string
		holds              []string
	}{
		{"csv", "text/csv; charset=utf-8; header=present", "winnow-c0ffee01-2031-06-12.csv", []string{"\ufeffwhat,platform,account,", "post,X,river_friend_0,acc-0,https://social.example/post/0,", "مشاهد_النهر"}},
		{"", "text/plain; charset=utf-8", "winnow-c0ffee01-2031-06-12.txt", []string{"These 41 accounts posted the same 3 texts", "X: accounts\n", "https://social.example/post/1 2031-", "Not listed: 0 accounts, 182 posts."}},
	} {
		w := get(t, h, listURL(richName, "c0ffee01", test.format))
		if w.Code != 200 || w.Header().Get("Content-Type") != test.kind || w.Header().Get("Content-Disposition") != `attachment; filename="`+test.name+`"` || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %d %v", test.format, w.Code, w.Header())
		}
		for _, text := range test.holds {
			if !strings.Contains(w.Body.String(), text) {
				t.Errorf("%q: no %q in\n%s", test.format, text, w.Body)
			}
		}
	}
	if w := get(t, h, listURL(richName, "nope", "csv")); w.Code != 404 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("of no finding: %d %v", w.Code, w.Header())
	}
}

func TestListsNeedTheRoleAndAreAudited(t *testing.T) {
	for role, allowed := range map[user.Role]bool{user.Viewer: false, user.Analyst: true} {
		t.Run(string(role), func(t *testing.T) {
			b := loggedIn(t, richStore(), role)
			if page := b.get(findingURL(richName, "c0ffee01")).Body.String(); strings.Contains(page, "/campaign/finding/list?") != allowed {
				t.Errorf("the list is offered: %v", !allowed)
			}
			w := b.get(listURL(richName, "c0ffee01", "csv"))
			audited, err := os.ReadFile(b.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(audited), `"event":"list taken out","user":"bela"`) && strings.Contains(string(audited), `"finding":"c0ffee01"`); got != allowed {
				t.Errorf("audited: %v\n%s", got, audited)
			}
			if got := w.Code == 200 && strings.Contains(w.Body.String(), "river_friend_"); got != allowed || !allowed && (w.Code != 403 || strings.Contains(w.Body.String(), "river_friend_")) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
}
