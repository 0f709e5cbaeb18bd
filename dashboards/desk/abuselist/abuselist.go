package abuselist

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"

	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// bom says to spreadsheets that a file is UTF-8; without it some take Arabic for noise.
const bom = "\ufeff"

// CSV writes the list as RFC 4180 has it, in UTF-8: a row for each account and for
// each post that the finding rests on, by the columns of its first line. It fails only
// if w does.
func CSV(w io.Writer, f view.FindingDetail) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	c := csv.NewWriter(w)
	c.UseCRLF = true
	rows := [][]string{{"what", "platform", "account", "account id", "link", "first (UTC)", "last (UTC)", "deleted", "finding"}}
	for _, a := range f.AccountRows {
		rows = append(rows, []string{"account", words.English().Platform(a.Platform), a.Handle, a.AccountID, Profile(a.Platform, a.AccountID, a.Handle), stamp(a.First), stamp(a.Last), "", f.ID})
	}
	for _, p := range f.PostRows {
		deleted := ""
		if p.Deleted {
			deleted = "yes"
		}
		rows = append(rows, []string{"post", words.English().Platform(p.Platform), p.Handle, p.AccountID, link(p.URL), stamp(p.At), "", deleted, f.ID})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = cell(row[i])
		}
		// An error stays with the writer, and Flush ends with it.
		_ = c.Write(row)
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}

// Text writes the list as lines to paste into a form: what was measured, then the
// accounts and the links of each platform. It fails only if w does.
func Text(w io.Writer, f view.FindingDetail) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nFrom %s to %s (UTC). %s, %s. Finding %s of Winnow.\n", plain(f.Sentence), stamp(f.StartedAt), stamp(f.EndedAt),
		words.English().Count(f.Accounts, "%s account", "%s accounts"), words.English().Count(f.Posts, "%s post", "%s posts"), plain(f.ID))
	fmt.Fprint(&b, "These accounts acted together in time, more than chance explains. This does not say who is behind them, nor whether they are automated.\n")
	for _, platform := range platforms(f) {
		fmt.Fprintf(&b, "\n%s: accounts\n", plain(words.English().Platform(platform)))
		for _, a := range f.AccountRows {
			if a.Platform != platform {
				continue
			}
			parts := []string{Profile(a.Platform, a.AccountID, a.Handle)}
			if a.Handle != "" {
				parts = append(parts, "@"+plain(a.Handle))
			}
			if id := plain(a.AccountID); id != parts[0] {
				parts = append(parts, "id "+id)
			}
			fmt.Fprintln(&b, strings.TrimSpace(strings.Join(parts, " ")))
		}
		var links []string
		for _, p := range f.PostRows {
			if l := link(p.URL); p.Platform == platform && l != "" {
				links = append(links, l+" "+stamp(p.At))
			}
		}
		if len(links) > 0 {
			fmt.Fprintf(&b, "\n%s: posts\n%s\n", plain(words.English().Platform(platform)), strings.Join(links, "\n"))
		}
	}
	if n := f.Accounts - min(f.Accounts, uint64(len(f.AccountRows))); n > 0 || f.MorePosts > 0 {
		fmt.Fprintf(&b, "\nNot listed: %s, %s.\n", words.English().Count(n, "%s account", "%s accounts"), words.English().Count(f.MorePosts, "%s post", "%s posts"))
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("write a list: %w", err)
	}
	return nil
}

// platforms are those of a finding, in the order of their first account.
func platforms(f view.FindingDetail) (out []string) {
	seen := map[string]bool{}
	add := func(p string) {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, a := range f.AccountRows {
		add(a.Platform)
	}
	for _, p := range f.PostRows {
		add(p.Platform)
	}
	return out
}

// Profile is where a platform shows an account, as far as that follows from its
// identity; "" if it does not. On X an id stays when the handle is changed.
func Profile(platform, id, handle string) string {
	switch {
	case platform == "x" && digits(id):
		return "https://x.com/i/user/" + id
	case platform == "x" && handle != "":
		return "https://x.com/" + url.PathEscape(handle)
	case platform == "bluesky" && strings.HasPrefix(id, "did:"):
		return link("https://bsky.app/profile/" + url.PathEscape(id))
	case platform == "mastodon":
		return link(id) // the account's ActivityPub address
	}
	return ""
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

// link is an address of the web as it was, or "" for anything else.
func link(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// plain keeps a text on its line.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// cell is a text that no spreadsheet takes for a formula. OWASP's page on CSV injection
// names the first characters that make one (= + - @ and tab and return, and the full
// forms of the first four); an apostrophe before them is the way to say "text".
func cell(s string) string {
	s = plain(s)
	trimmed := strings.TrimLeft(s, " \u00a0\ufeff")
	if trimmed != "" && strings.ContainsRune("=+-@＝＋－＠|%", []rune(trimmed)[0]) {
		return "'" + s
	}
	return s
}
