package link_test

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"winnow/pipeline/post/link"
)

func TestCanonical(t *testing.T) {
	for _, tt := range []struct{ raw, want string }{
		// One page, many addresses.
		{"https://example.org", "https://example.org"},
		{"http://www.Example.org:80/", "https://example.org"},
		{" HTTPS://user:secret@EXAMPLE.ORG.:443//?# ", "https://example.org"},
		{"www.example.org/a/", "https://example.org/a"},
		{"https://m.example.org/a?", "https://example.org/a"},
		{"https://www.m.example.org/a", "https://example.org/a"},
		{"https://m.me/a", "https://m.me/a"},
		{"https://news.example.org:8080/a", "https://news.example.org:8080/a"},
		{"https://amp.example.org/a.amp.html", "https://amp.example.org/a.amp.html"},
		{"https://example.org/a/./b/../c//", "https://example.org/a/c"},
		{"https://example.org/../../a", "https://example.org/a"},
		{"https://example.org/%7Ea/%c3%a4/ö/b%2fc (d)", "https://example.org/~a/%C3%A4/%C3%B6/b%2Fc%20(d)"},
		{"https://example.org/100%", "https://example.org/100%25"},
		{"https://archive.example/web/2015/http://example.org/", "https://archive.example/web/2015/http://example.org"},
		// Queries and fragments.
		{"https://example.org/?b=2&a=1&a=0&c=&d", "https://example.org?a=0&a=1&b=2&c&d"},
		{"https://example.org/a?utm_source=x&UTM_Medium=y&id=7&fbclid=z&gclid=1&igshid=2&mc_cid=3&ref_src=4#top", "https://example.org/a?id=7"},
		{"https://example.org/a?q=a%20b+c&r=%C3%A4%26", "https://example.org/a?q=a+b+c&r=%C3%A4%26"},
		{"https://example.org/#!/a/b?c=d e", "https://example.org#!/a/b?c=d%20e"},
		{"https://example.org/a#:~:text=b", "https://example.org/a"},
		{"https://example.org/s?s=20&t=10&si=5", "https://example.org/s?s=20&si=5&t=10"},
		// Sites.
		{"https://twitter.com/Rights_Watch", "https://x.com/rights_watch"},
		{"https://mobile.twitter.com/Rights_Watch/status/12345?s=20&t=abc", "https://x.com/i/status/12345"},
		{"https://x.com/i/web/status/12345", "https://x.com/i/status/12345"},
		{"https://x.com/other/status/12345/photo/1", "https://x.com/i/status/12345"},
		{"https://x.com/search?q=%23Baku2015&s=20", "https://x.com/search?q=%23Baku2015"},
		{"https://youtu.be/AbC_1?si=xyz&t=30", "https://youtube.com/watch?t=30&v=AbC_1"},
		{"https://www.youtube.com/watch?v=AbC_1&feature=share", "https://youtube.com/watch?v=AbC_1"},
		{"https://bit.ly/3abC", "https://bit.ly/3abC"},
		// Redirectors.
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=2", "https://example.org/a"},
		{"https://www.google.com/url?sa=t&url=http://www.example.org/", "https://example.org"},
		{"https://www.instagram.com/", "https://instagram.com"},
		// International names.
		{"https://Bücher.example/", "https://xn--bcher-kva.example"},
		{"https://bu\u0308cher。example/", "https://xn--bcher-kva.example"},
		{"https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example"},
		{"https://موقع.example/باكو", "https://xn--4gbrim.example/%D8%A8%D8%A7%D9%83%D9%88"},
		{"https://ｅｘａｍｐｌｅ.org", "https://example.org"},
		{"https://192.0.2.7/a", "https://192.0.2.7/a"},
		{"https://[2001:DB8:0::7]:443/a", "https://[2001:db8::7]/a"},
	} {
		got, ok := link.Canonical(tt.raw)
		if got != tt.want || !ok {
			t.Errorf("Canonical(%q) = %q, %v, want %q", tt.raw, got, ok, tt.want)
		}
		if again, ok := link.Canonical(got); again != got || !ok {
			t.Errorf("Canonical(%q) = %q, %v: not stable", got, again, ok)
		}
	}
}

func TestCanonicalRejects(t *testing.T) {
	for _, raw := range []string{
		"", " ", "example.org/a", "javascript:alert(1)", "mailto:a@example.org", "ftp://example.org", "data:text/html,a",
		"https://", "https:///a", "https://localhost/", "https://intranet", "https://a..example", "https://.example",
		"https://exa mple.org", "https://example.org\\@evil.example", "https://exa%00mple.org", "https://example.org/\x00",
		"https://example.org/\na", "https://\xff.example", "https://example.org:0", "https://example.org:99999",
		"https://127.0.0.1/", "https://10.0.0.1/", "https://1.2.3/", "https://0x7f.1", "https://[::1]/", "https://[fe80::1%25eth0]/",
		"https://t.co/AbC123", "http://www.t.co", "https://xn--bücher.example", "https://exa℀mple.org", "https://" + strings.Repeat("a", 64) + ".example",
		"https://" + strings.Repeat("ä", 60) + strings.Repeat("中", 60) + ".example",
		"https://" + strings.Repeat("abcdefg.", 40) + "example",
		"https://example.org/" + strings.Repeat("a", 2048), "https://example.org/" + strings.Repeat("ä", 900),
		"https://l.facebook.com/l.php", "https://l.facebook.com/l.php?u=javascript:alert(1)",
		"https://l.facebook.com/l.php?u=https%3A%2F%2Ft.co%2Fa",
	} {
		if got, ok := link.Canonical(raw); ok {
			t.Errorf("Canonical(%.60q) = %q, want none", raw, got)
		}
	}
	nested := "https://example.org"
	for range 5 {
		nested = "https://google.com/url?q=" + url.QueryEscape(nested)
	}
	if got, ok := link.Canonical(nested); ok {
		t.Errorf("redirectors five deep give %q, want none", got)
	}
}

// The names are the samples of RFC 3492, section 7.1, without upper case.
func TestCanonicalPunycode(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"ليهمابتكلموشعربي؟", ""}, // ends in a question mark, which names cannot
		{"他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"},
		{"pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a"},
		{"почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l"},
		{"세계의모든사람들이한국어를이해한다면얼마나좋을까", "xn--989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"},
		{"3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"},
		{"タクシー", "xn--pckqw0w"},
	} {
		got, ok := link.Canonical("https://" + tt.name + ".example")
		want := "https://" + tt.want + ".example"
		if tt.want == "" || len(tt.want) > 63 {
			if ok {
				t.Errorf("%q gives %q, want none", tt.name, got)
			}
			continue
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", tt.name, got, want)
		}
	}
}

func TestCanonicalIgnoresTracking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.StringMatching(`(/[a-zA-Z0-9._~%ä-]{1,8}){0,3}`).Draw(t, "path")
		query := rapid.SliceOfN(rapid.StringMatching(`[b-e][0-9]=[a-z0-9]{0,4}`), 0, 4).Draw(t, "query")
		want, ok := link.Canonical("https://example.org" + path + "?" + strings.Join(query, "&"))
		if !ok {
			t.Fatalf("%q is rejected", path)
		}
		tracked := rapid.Permutation(append(query, "utm_source=a", "fbclid=b", "gclid")).Draw(t, "tracked")
		// The order of equal names counts nowhere, since pairs are sorted.
		scheme := rapid.SampledFrom([]string{"http://", "https://", "HTTP://www.", "https://m."}).Draw(t, "scheme")
		raw := scheme + "Example.ORG" + path + rapid.SampledFrom([]string{"", "/"}).Draw(t, "slash") + "?" + strings.Join(tracked, "&") + "#x"
		if got, _ := link.Canonical(raw); got != want {
			t.Fatalf("Canonical(%q) = %q, want %q", raw, got, want)
		}
	})
}

// FuzzCanonical: a canonical link is its own canonical form, is plain ASCII,
// bounded and a URL with scheme https and a host.
func FuzzCanonical(f *testing.F) {
	for _, s := range []string{
		"https://www.twitter.com/A/status/1?s=2", "http://[::ffff:192.0.2.1]:8080/%zz?a=%&&=b;c#!%", "https://m.www.ä.example./..//",
		"https://l.facebook.com/l.php?u=http://youtu.be/a+b%2B", "https://x.com/%E4", "https://a。b/\u202e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, ok := link.Canonical(raw)
		if !ok {
			return
		}
		if again, ok := link.Canonical(got); again != got || !ok {
			t.Fatalf("Canonical(%q) = %q, and of that %q, %v", raw, got, again, ok)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r > '~' }) || len(got) > 2048 {
			t.Fatalf("Canonical(%q) = %q", raw, got)
		}
		if u, err := url.Parse(got); err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
			t.Fatalf("Canonical(%q) = %q, no plain web link: %v", raw, got, err)
		}
	})
}

func BenchmarkCanonical(b *testing.B) {
	for _, bench := range []struct{ name, s string }{
		{"Plain", "https://example.org/news/2015/06/opening-ceremony"},
		{"Tracked", "http://www.example.org/news/2015/06/opening-ceremony/?utm_source=a&utm_medium=b&id=7"},
		{"International", "https://bücher.example/ölfeld"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				link.Canonical(bench.s)
			}
		})
	}
}
