package table

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"winnow/pipeline/post"
)

// maxMentions is how many mentions of a text are looked for: Tidy keeps a
// hundred different ones.
const maxMentions = 1000

// mentionsIn returns the accounts that a text names, as often as it names them:
// "@name" as X has it, with "@host" behind it as Mastodon does and ".host" as
// Bluesky does. A host has a dot and two letters behind it, so that the end of
// a sentence is none. What stands behind a letter or digit is an e-mail address.
func mentionsIn(text string) []post.Mention {
	var out []post.Mention
	for from := 0; len(out) < maxMentions; {
		i := strings.IndexByte(text[from:], '@')
		if i < 0 {
			break
		}
		at := from + i
		end := wordEnd(text, at+1)
		from = end
		if end == at+1 || behindWord(text[:at]) {
			continue
		}
		if end < len(text) && (text[end] == '@' || text[end] == '.') {
			if host := hostEnd(text, end+1, text[end] == '.'); host > 0 {
				end, from = host, host
			}
		}
		out = append(out, post.Mention{Handle: text[at+1 : end]})
	}
	return out
}

// wordEnd returns the end of the name that starts at i.
func wordEnd(s string, i int) int {
	for i < len(s) && (s[i] == '_' || alphanumeric(s[i])) {
		i++
	}
	return i
}

// hostEnd returns the end of the host that starts at i, 0 if none does. dotted
// says that a dot stands before it already.
func hostEnd(s string, i int, dotted bool) int {
	end := i
	for end < len(s) && (s[end] == '.' || s[end] == '-' || alphanumeric(s[end])) {
		end++
	}
	host := strings.TrimRight(s[i:end], ".-")
	top := strings.LastIndexByte(host, '.')
	if top < 0 && !dotted || top == 0 || len(host)-top-1 < 2 || strings.ContainsAny(host[top+1:], "-0123456789") {
		return 0
	}
	// On Bluesky a handle has two dots (anna.bsky.social) unless its domain is
	// the account's own; "@anna.Then" is a sentence that lacks a blank.
	if dotted && (top < 0 || strings.ToLower(host) != host) {
		return 0
	}
	return i + len(host)
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// behindWord reports whether s ends within a word.
func behindWord(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r)
}
