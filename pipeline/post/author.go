package post

import "strings"

// Prefixes are how the ids of an account's posts begin, as far as they tell whose they
// are: Bluesky's at-uris, and the ActivityPub uris of Mastodon. Its id or its handle may
// be empty.
func Prefixes(platform Platform, account, handle string) []string {
	switch platform {
	case Bluesky:
		if account != "" {
			return []string{"at://" + account + "/"}
		}
	case Mastodon:
		if user, host, ok := mastodonNames(account, handle); ok {
			return []string{"https://" + host + "/users/" + user + "/", "https://" + host + "/@" + user + "/"}
		}
	}
	return nil
}

// AuthorOf is whose post an id names, as far as it tells: the account's id and its handle
// in small letters, each empty if unknown.
func AuthorOf(platform Platform, id string) (account, handle string) {
	part := strings.Split(id, "/")
	switch {
	case platform == Bluesky && len(part) >= 4 && part[0] == "at:":
		return part[2], ""
	case platform == Mastodon && len(part) >= 6 && part[0] == "https:" && part[3] == "users":
		return "https://" + part[2] + "/@" + part[4], strings.ToLower(part[4] + "@" + part[2])
	case platform == Mastodon && len(part) >= 5 && part[0] == "https:" && strings.HasPrefix(part[3], "@"):
		return "https://" + part[2] + "/" + part[3], strings.ToLower(part[3][1:] + "@" + part[2])
	}
	return "", ""
}

// mastodonNames are the user and the host of an account's address, else of its handle.
func mastodonNames(account, handle string) (user, host string, ok bool) {
	if rest, is := strings.CutPrefix(account, "https://"); is {
		host, user, ok = strings.Cut(rest, "/@")
		if !ok {
			host, user, ok = strings.Cut(rest, "/users/")
		}
	} else {
		user, host, ok = strings.Cut(handle, "@")
	}
	return user, host, ok && user != "" && host != "" && !strings.Contains(user+host, "/")
}

// HandleKey is the form by which handles are compared.
func HandleKey(handle string) string { return handleKey(handle) }
