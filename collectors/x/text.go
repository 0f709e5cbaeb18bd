package x

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// entities undoes the only three escapes that X applies to texts.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// Plain returns a text without X's escapes.
func Plain(text string) string {
	if strings.IndexByte(text, '&') < 0 {
		return text
	}
	return entities.Replace(text)
}

// CutRepostMark takes "RT @name: " off a retweet's text and returns the name;
// handle is "" if the mark is not there.
func CutRepostMark(text string) (handle, rest string) {
	after, ok := strings.CutPrefix(text, "RT @")
	if !ok {
		return "", text
	}
	handle, rest, ok = strings.Cut(after, ":")
	if !ok || handle == "" || len(handle) > 30 || strings.ContainsAny(handle, " \n\t") {
		return "", text
	}
	return handle, strings.TrimPrefix(rest, " ")
}

// Lang returns X's language as BCP 47. The codes for "no language", such as
// "und" or "qme" (only media), say that it is unknown.
func Lang(code string) string {
	switch code = strings.ToLower(code); code {
	case "und", "zxx", "qam", "qct", "qht", "qme", "qst":
		return ""
	case "in":
		return "id"
	case "iw":
		return "he"
	}
	return code
}

// firstSnowflake is the time from which ids hold the time of posting: ids are
// milliseconds since then, shifted by 22 bits (Twitter's snowflake scheme).
const firstSnowflake = 1288834974657

// IDTime returns the time that an id holds; false if it is older than the
// scheme or no number.
func IDTime(id string) (time.Time, bool) {
	n, err := strconv.ParseInt(id, 10, 64)
	// Sequential ids had reached about 3e10 when the scheme began; the first
	// year of it lies above 1e14.
	if err != nil || n < 1e14 {
		return time.Time{}, false
	}
	return time.UnixMilli(n>>22 + firstSnowflake).UTC(), true
}

// WholeTags returns the hashtags that X did not cut where it cut the text: "#Bak…"
// at the end of the short form of a long post is not the tag #Bak.
func WholeTags(text string, tags []string) []string {
	i := strings.LastIndex(text, "…")
	if i < 0 {
		return tags
	}
	if rest := strings.TrimSpace(text[i+len("…"):]); rest != "" && !strings.HasPrefix(rest, "https://t.co/") {
		return tags
	}
	return slices.DeleteFunc(tags, func(tag string) bool {
		before, ok := strings.CutSuffix(text[:i], tag)
		return ok && !strings.Contains(before, "#"+tag)
	})
}

// Links returns the links among urls that lead somewhere else than to the
// post's own pictures, to itself or to the post it quotes.
func Links(urls []string, quoted string) []string {
	var out []string
	for _, u := range urls {
		if !ownStatus(u, quoted) {
			out = append(out, u)
		}
	}
	return out
}

// ownStatus reports whether a URL is one that X itself adds: a picture's page,
// the rest of a long post (/i/web/status/…), the quoted post.
func ownStatus(u, quoted string) bool {
	rest, ok := cutHost(u)
	if !ok {
		return false
	}
	path, _, _ := strings.Cut(rest, "?")
	parts := strings.Split(path, "/")
	// handle/status/id[/photo/1] or i/web/status/id
	for i, part := range parts {
		if part != "status" && part != "statuses" || i+1 >= len(parts) {
			continue
		}
		if i == 2 && parts[0] == "i" && parts[1] == "web" {
			return true
		}
		if quoted != "" && parts[i+1] == quoted {
			return true
		}
		return i+2 < len(parts) && (parts[i+2] == "photo" || parts[i+2] == "video")
	}
	return false
}

// cutHost returns the path of a URL on X, without the leading slash.
func cutHost(u string) (string, bool) {
	_, rest, ok := strings.Cut(u, "://")
	if !ok {
		return "", false
	}
	host, path, _ := strings.Cut(rest, "/")
	host = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(host), "www."), "mobile.")
	return path, host == "twitter.com" || host == "x.com"
}
