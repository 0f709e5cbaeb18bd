package link

import "strings"

// isTracking reports whether a parameter only tells how a reader got to a page.
func isTracking(host, name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range [...]string{"utm_", "hsa_", "mtm_", "__cft__", "at_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case
		// Click and share ids that advertisers and networks add.
		"fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid",
		"twclid", "ttclid", "igshid", "igsh", "epik", "wickedid", "irclickid", "li_fat_id", "_openstat",
		"__tn__", "__twitter_impression", "twitter_impression", "ref_src", "ref_url", "srsltid", "sfnsn", "mibextid",
		// Newsletters and measuring services.
		"mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "vero_id", "vero_conv",
		"oly_enc_id", "oly_anon_id", "s_cid", "cmpid", "ocid", "ncid", "wt_mc", "_ga", "_gl", "__s", "guccounter":
		return true
	}
	for _, t := range hostTracking {
		if onHost(host, t.host) {
			for _, n := range t.names {
				if n == name {
					return true
				}
			}
		}
	}
	return false
}

// hostTracking are parameters that track on one site and mean something on
// others.
var hostTracking = []struct {
	host  string
	names []string
}{
	{"x.com", []string{"s", "t", "cxt", "cn", "ref"}},
	{"youtube.com", []string{"si", "feature", "pp", "ab_channel", "app"}},
	{"spotify.com", []string{"si", "context", "nd"}},
	{"instagram.com", []string{"hl"}},
	{"tiktok.com", []string{"_t", "_r", "_d", "is_from_webapp", "is_copy_url", "sender_device", "sender_web_id", "share_app_id", "lang"}},
	{"facebook.com", []string{"rdid", "share_url", "fs", "fref", "ref", "refid", "eav", "paipv", "_rdr"}},
	{"reddit.com", []string{"share_id", "rdt", "ref", "ref_source"}},
	{"linkedin.com", []string{"trk", "trackingid", "lipi", "rcm"}},
	{"medium.com", []string{"source", "sk"}},
	{"nytimes.com", []string{"smid", "smtyp", "partner", "unlocked_article_code"}},
	{"theguardian.com", []string{"cmp"}},
	{"bbc.com", []string{"xtor", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee"}},
	{"bbc.co.uk", []string{"xtor", "ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee"}},
}

// redirectors are pages that only lead to the link in one of their parameters.
// The path "*" is any.
var redirectors = []struct {
	host, path string
	params     []string
}{
	{"facebook.com", "/l.php", []string{"u"}}, // l., lm. and m.
	{"facebook.com", "/flx/warn", []string{"u"}},
	{"l.instagram.com", "", []string{"u"}},
	{"google.com", "/url", []string{"q", "url"}},
	{"youtube.com", "/redirect", []string{"q"}},
	{"vk.com", "/away.php", []string{"to"}},
	{"out.reddit.com", "*", []string{"url"}},
	{"t.umblr.com", "/redirect", []string{"z"}},
	{"steamcommunity.com", "/linkfilter", []string{"url", "u"}},
	{"safelinks.protection.outlook.com", "", []string{"url"}},
}

// redirectTarget returns the target of a redirector, "" if it names none, and
// whether it is a redirector at all.
func redirectTarget(host, path, query string) (string, bool) {
	for _, r := range redirectors {
		if path != r.path && r.path != "*" || !onHost(host, r.host) {
			continue
		}
		for _, want := range r.params {
			for pair := range strings.SplitSeq(query, "&") {
				if name, value, _ := strings.Cut(pair, "="); name == want && value != "" {
					return unescapeQuery(value), true
				}
			}
		}
		// A start page, such as that of Instagram, is a page.
		return "", path != "" || query != ""
	}
	return "", false
}

// samePage maps the several addresses of one page to one.
func samePage(host, path, query string) (h, p, q string) {
	switch host {
	case "youtu.be":
		if id := strings.TrimPrefix(path, "/"); id != "" && strings.IndexByte(id, '/') < 0 {
			return "youtube.com", "/watch", "v=" + id + "&" + query
		}
	case "x.com":
		parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
		if len(parts) > 3 && parts[0] == "i" && parts[1] == "web" {
			parts = parts[1:]
		}
		switch {
		case len(parts) >= 3 && (parts[1] == "status" || parts[1] == "statuses") && digits(parts[2]):
			return host, "/i/status/" + parts[2], ""
		case len(parts) == 1: // a profile: handles have no case
			return host, strings.ToLower(path), query
		}
	}
	return host, path, query
}

// onHost reports whether host is site or one of its subdomains.
func onHost(host, site string) bool {
	rest, ok := strings.CutSuffix(host, site)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}

// digits reports whether s is a number in ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
