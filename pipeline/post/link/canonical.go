package link

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// MaxLen is the longest link, in bytes, before and after Canonical.
const MaxLen = 2048

const (
	// maxHost is the longest host name, in bytes (RFC 1035).
	maxHost = 253
	// maxUnwrap is how many redirectors may be wrapped around each other.
	maxUnwrap = 3
)

// Canonical returns the form by which a link is compared, and false if raw
// is no web link that can be compared. It is for comparing: it nearly always
// leads to the same page, but a few old hosts answer only with their "www.".
//
//   - The scheme is https, also where it was http or missing before "www.".
//     Names and passwords, the ports 80 and 443 and the trailing dot of the
//     host are gone. Hosts are lower case, international names in Punycode.
//   - The prefixes "www.", "m." and "mobile." of the host are gone: they show
//     the same page on another screen. Other subdomains are other sites. AMP
//     addresses are left alone, as no rule leads from them to the page.
//   - twitter.com is x.com, youtu.be/ID is youtube.com/watch?v=ID, and all
//     addresses of one post on X are x.com/i/status/ID.
//   - Redirectors that name their target (see redirectors) give the target.
//     Other shorteners stay as they are: equal short links share a target, and
//     what lies behind them only their owner knows. t.co is no identity at
//     all, since X makes one for each post: hand over the expanded form. For a
//     bare t.co link the answer is false.
//   - Parameters that tell how a reader got there are gone (see tracking.go),
//     the others sorted by name, then by value. The path is free of dot
//     segments and of slashes at its end, the fragment gone but for "#!",
//     which old sites used as a path. Escapes are in one form.
//
// Canonical of a canonical link is that link. Links are at most MaxLen bytes
// long; what is longer, has no host on the public web, or is
// a mailto:, javascript: or other scheme, yields false.
func Canonical(raw string) (string, bool) {
	return canonical(raw, 0)
}

func canonical(raw string, unwrapped int) (string, bool) {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > MaxLen || !utf8.ValidString(raw) {
		return "", false
	}
	if hasPrefixFold(raw, "www.") {
		raw = "https://" + raw
	}
	if !hasPrefixFold(raw, "http://") && !hasPrefixFold(raw, "https://") {
		return "", false
	}
	u, err := url.Parse(mendEscapes(raw))
	if err != nil {
		return "", false
	}
	host, ok := canonicalHost(u.Host)
	if !ok || host == "t.co" {
		return "", false
	}
	escaped := u.RawPath // set if it tells more than the plain path
	if escaped == "" {
		escaped = u.EscapedPath()
	}
	path := canonicalPath(escaped)
	if target, ok := redirectTarget(host, path, u.RawQuery); ok {
		if target == "" || unwrapped >= maxUnwrap {
			return "", false
		}
		return canonical(target, unwrapped+1)
	}
	query := u.RawQuery
	host, path, query = samePage(host, path, query)

	out := "https://" + host + path
	if q := canonicalQuery(host, query); q != "" {
		out += "?" + q
	}
	if strings.HasPrefix(u.Fragment, "!") {
		out += "#" + escapeSegment(u.Fragment, "/?")
	}
	return out, len(out) <= MaxLen
}

// mendEscapes turns each "%" that starts no escape into "%25", as browsers do.
func mendEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			b.WriteString("25")
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// canonicalHost returns the host of a link, with its port if that is a
// special one.
func canonicalHost(hostport string) (string, bool) {
	u := url.URL{Host: hostport}
	host, port := u.Hostname(), u.Port()
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		switch {
		case err != nil || n == 0:
			return "", false
		case n == 80 || n == 443:
			port = ""
		default:
			port = ":" + strconv.FormatUint(n, 10)
		}
	}
	if strings.HasPrefix(hostport, "[") {
		addr, err := netip.ParseAddr(host)
		if err != nil || addr.Zone() != "" || !publicAddr(addr) {
			return "", false
		}
		if addr.Is4In6() {
			return addr.Unmap().String() + port, true
		}
		return "[" + addr.String() + "]" + port, true
	}
	name, ok := canonicalName(host)
	return name + port, ok
}

// canonicalName returns a host name or IPv4 address in lower-case ASCII,
// without the prefixes that only choose a layout.
func canonicalName(host string) (string, bool) {
	host = strings.TrimSuffix(foldName(host), ".")
	for _, prefix := range [...]string{"www.", "mobile.", "m."} {
		// No prefix of a host follows another by itself, but idempotence
		// asks that none is left.
		if rest, ok := strings.CutPrefix(host, prefix); ok && strings.IndexByte(rest, '.') > 0 {
			return canonicalName(rest)
		}
	}
	labels := strings.Split(host, ".")
	if len(labels) < 2 || len(host) > 4*maxHost {
		return "", false
	}
	for i, label := range labels {
		if !plainLabel(label) {
			return "", false
		}
		var ok bool
		if labels[i], ok = asciiLabel(label); !ok {
			return "", false
		}
	}
	host = strings.Join(labels, ".")
	if len(host) > maxHost {
		return "", false
	}
	if last := labels[len(labels)-1]; '0' <= last[0] && last[0] <= '9' {
		addr, err := netip.ParseAddr(host)
		return host, err == nil && publicAddr(addr)
	}
	if host == "twitter.com" {
		host = "x.com"
	}
	return host, true
}

// foldName brings a host name into the form that IDNA gives it: NFKC, lower
// case, one kind of dot, nothing invisible.
func foldName(host string) string {
	if isASCII(host) {
		return strings.ToLower(host)
	}
	host = strings.Map(func(r rune) rune {
		switch {
		case r == '\u3002' || r == '\uFF61': // ideographic full stops
			return '.'
		case unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point):
			return -1
		}
		return r
	}, host)
	return norm.NFKC.String(strings.ToLower(norm.NFKC.String(host)))
}

// plainLabel reports whether a label of a host name has nothing in it but
// letters, marks, digits, pictographs, "-" and "_".
func plainLabel(label string) bool {
	if label == "" || strings.HasPrefix(label, "xn--") && !isASCII(label) {
		return false
	}
	for _, r := range label {
		switch {
		case r < utf8.RuneSelf && (alnum(byte(r)) || r == '-' || r == '_'):
		case r >= utf8.RuneSelf && r != utf8.RuneError && nameRune(r):
		default:
			return false
		}
	}
	return true
}

// nameRune reports whether r, beyond ASCII, may stand in a host name. Beside
// letters, marks, digits and pictographs these are the points and dashes that
// are written within words of Catalan, Hebrew, Tibetan, Japanese and Cyrillic.
func nameRune(r rune) bool {
	switch r {
	case '\u00B7', '\u05BE', '\u05F3', '\u05F4', '\u0F0B', '\u0F0C', '\u3003', '\u301C', '\u30A0', '\u30FB', '\uA67E':
		return true
	}
	return 0x1F3FB <= r && r <= 0x1F3FF || // skin tones
		unicode.In(r, unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc, unicode.So,
			unicode.Other_ID_Start, unicode.Other_ID_Continue)
}

// publicAddr reports whether an address can be the same place for everyone.
func publicAddr(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate()
}

// canonicalPath returns an escaped path with one form of escapes, no dot
// segments and no slash at the end; "" for the root. Slashes within it are
// kept, as some paths have links in them.
func canonicalPath(escaped string) string {
	var segments []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(escaped, "/"), "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			plain = segment
		}
		switch plain {
		case ".":
		case "..":
			segments = segments[:max(0, len(segments)-1)]
		default:
			segments = append(segments, escapeSegment(plain, ""))
		}
	}
	for len(segments) > 0 && segments[len(segments)-1] == "" {
		segments = segments[:len(segments)-1]
	}
	if len(segments) == 0 {
		return ""
	}
	return "/" + strings.Join(segments, "/")
}

// escapeSegment escapes all bytes that may not stand in a segment of a path,
// except those of keep.
func escapeSegment(s, keep string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if alnum(c) || strings.IndexByte("-._~!$&'()*+,;=:@", c) >= 0 || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		const hex = "0123456789ABCDEF"
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// canonicalQuery returns a query without tracking parameters, sorted. A
// parameter with an empty value is written without "=".
func canonicalQuery(host, raw string) string {
	if raw == "" {
		return ""
	}
	var pairs []string
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, value = unescapeQuery(name), unescapeQuery(value)
		if name == "" && value == "" || isTracking(host, name) {
			continue
		}
		pair = url.QueryEscape(name)
		if value != "" {
			pair += "=" + url.QueryEscape(value)
		}
		pairs = append(pairs, pair)
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func unescapeQuery(s string) string {
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return s
	}
	return plain
}

// maxLabel is the longest label of a host name, in bytes (RFC 1035).
const maxLabel = 63

// asciiLabel returns the ASCII form of a label of a host name: itself, or
// "xn--" and its Punycode (RFC 3492). It returns false if that is too long for
// a label.
func asciiLabel(label string) (string, bool) {
	// Punycode takes quadratic time, and no label that long has a short form.
	if utf8.RuneCountInString(label) > maxLabel {
		return "", false
	}
	ascii, err := idna.Punycode.ToASCII(label)
	return ascii, err == nil && len(ascii) <= maxLabel
}
