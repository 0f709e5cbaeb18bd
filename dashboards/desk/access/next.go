package access

import (
	"net/url"
	"path"
	"strings"
)

// maxNext bounds the address to go to after log-in, in bytes.
const maxNext = 2048

// SafeNext returns where to go after log-in: a page of this desk if next is one
// in plain form, else the first page. What a browser could read as another host
// ("//host", "/\host", a scheme), what is not what it looks like ("/a/../b",
// control characters) and the log-in itself is none.
func SafeNext(next string) string {
	const home = "/"
	if len(next) > maxNext || !strings.HasPrefix(next, "/") {
		return home
	}
	for _, c := range []byte(next) {
		if c <= ' ' || c >= 0x7f || c == '\\' {
			return home
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return home
	}
	if path.Clean(u.Path) != u.Path || strings.ContainsAny(u.Path, "\\") || u.Path == loginPath || u.Path == logoutPath {
		return home
	}
	out := url.URL{Path: u.Path, RawQuery: u.RawQuery}
	return out.String()
}
