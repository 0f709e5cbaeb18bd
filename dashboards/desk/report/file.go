package report

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// maxName bounds the part of a file's name that is the campaign's, in characters: with
// four bytes each it stays below what file systems take.
const maxName = 40

// FileName is a name for the file of a report that every file system takes: letters,
// digits and the marks on them, of any script, with hyphens for all else.
func FileName(o Options) string {
	named := ""
	if o.Identities {
		named = "-with-identities"
	}
	return "winnow-report-" + slug(o.Campaign) + "-" + o.Now.UTC().Format(time.DateOnly) + named + ".html"
}

func slug(campaign string) string {
	var b strings.Builder
	n, hyphen := 0, false
	for _, r := range strings.ToValidUTF8(campaign, "") {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			hyphen = n > 0
			continue
		}
		if n == maxName {
			break
		}
		if hyphen {
			b.WriteByte('-')
			hyphen = false
		}
		b.WriteRune(r)
		n++
	}
	if n == 0 {
		return "campaign"
	}
	return b.String()
}

// disposition is the header Content-Disposition for a file's name, as RFC 6266 has it:
// the name in ASCII for who knows no better, then the whole of it by RFC 8187.
func disposition(name string) string {
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	out := `attachment; filename="` + ascii + `"`
	if ascii != name {
		out += "; filename*=UTF-8''" + url.PathEscape(name)
	}
	return out
}

// Policy is the content policy of a report that is served: what the file says of itself,
// and no way out of it.
const Policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// SetHeader says in the head of an answer that what follows is a report, to be kept as a
// file, of so many bytes.
func (o Options) SetHeader(h http.Header, size int) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(size))
	h.Set("Content-Disposition", disposition(FileName(o)))
	h.Set("Content-Security-Policy", Policy)
}

// Links are where the reports on a campaign are to be had; what a reader may not have is
// empty.
type Links struct{ Numbers, Identities string }
