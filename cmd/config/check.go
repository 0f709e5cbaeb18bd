package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"winnow/cmd/config/strict"
	"winnow/pipeline/campaign"
	"winnow/pipeline/post"
	"winnow/pipeline/post/fold"
	"winnow/storage/schema"
)

var (
	logLevels = []string{"debug", "info", "warn", "error"}
	platforms = []string{string(post.X), string(post.Mastodon), string(post.Bluesky)}
)

const (
	// minLog is the smallest log that package feed opens.
	minLog Size = 1 << 20
	// minMemory is what the engine needs to start: it takes 330 MB after a
	// million rows.
	minMemory Size = 512 << 20
	// minWriterPassword is how many bytes guard a writer whom other machines reach:
	// what a password generator gives, and more than anybody guesses.
	minWriterPassword = 20
)

// Validate returns everything that is wrong with the values as strict.Problems, or
// nil. Load has done so already; it is for configurations changed since.
func (c Config) Validate() error {
	if ps := c.check(); len(ps) > 0 {
		return ps
	}
	return nil
}

// check returns what is wrong with the values, with path and text.
func (c *Config) check() strict.Problems {
	var ps strict.Problems
	bad := func(path, format string, args ...any) {
		ps = append(ps, strict.Problem{Path: path, Text: fmt.Sprintf(format, args...)})
	}
	if c.DataDir == "" {
		bad("data_dir", "it is empty, as it is without a home directory; give a directory")
	}
	if !slices.Contains(logLevels, c.LogLevel) {
		bad("log_level", "%q is unknown; write one of %s", strict.Clip(c.LogLevel), strings.Join(logLevels, ", "))
	}
	if c.Log.URL != "" && !natsURL(c.Log.URL.Reveal()) {
		bad("log.url", "this is no address of a NATS server; write it like nats://user:password@host:4222")
	}
	if c.Log.MaxBytes < minLog {
		bad("log.max_bytes", "%s is too small; give at least %s", c.Log.MaxBytes, minLog)
	}
	if c.Store.URL != "" && !isURL(c.Store.URL.Reveal(), "http", "https") {
		bad("store.url", "this is no address of a ClickHouse server; write it like http://user:password@host:8123/database")
	}
	for i := range c.Campaigns {
		if c.Store.Cluster != "" && c.Campaigns[i].KeepDays > 0 {
			bad(fmt.Sprintf("campaigns[%d].keep_days", i), "it does not work with store.cluster yet; leave it out, and delete old posts on the cluster's own tables")
		}
	}
	switch {
	case c.Store.Cluster == "":
	case c.Store.URL == "":
		bad("store.cluster", "it is for a ClickHouse cluster, of which store.url has to name a server; give one, or leave this out")
	case schema.Cluster{Name: c.Store.Cluster, Database: "default"}.Check() != nil:
		bad("store.cluster", "%q is no name of a cluster; write it as in remote_servers of ClickHouse's configuration, with letters, digits, _ and -", strict.Clip(c.Store.Cluster))
	}
	c.Desk.check(bad)
	c.Engine.check(bad)
	checkCampaigns(c.Campaigns, bad)
	c.Collectors.check(c.Campaigns, bad)
	c.Notify.check(c.Campaigns, bad)
	c.Evidence.check(c.Notify.Receivers, bad)
	return ps
}

func (e *Engine) check(bad func(path, format string, args ...any)) {
	if e.Memory < minMemory {
		bad("engine.memory", "%s is too little; give at least %s", e.Memory, minMemory)
	}
	if e.Listen == "" {
		if e.WriterPassword != "" {
			bad("engine.writer_password", "it is for engine.listen, which is not set; give an address such as 127.0.0.1:8123, or leave the password out")
		}
		return
	}
	if !hostPort(e.Listen) {
		bad("engine.listen", "%q is no address; write host:port like 127.0.0.1:8123", strict.Clip(e.Listen))
		return
	}
	switch {
	case e.Password != "":
	case loopback(e.Listen):
		bad("engine.password", "engine.listen needs a password for those who read; write one into a file and name it as engine.password_file")
	default:
		bad("engine.password", "engine.listen opens the store to other machines, which needs a password; write one into a file and name it as engine.password_file, or listen on 127.0.0.1")
	}
	switch {
	case e.WriterPassword == "", e.WriterPassword == hidden: // the latter in a dump, which loads again
	case e.WriterPassword == e.Password:
		bad("engine.writer_password", "it is the readers' password as well; give those who only read one of their own")
	case len(e.WriterPassword) < minWriterPassword && !loopback(e.Listen):
		bad("engine.writer_password", "it is too short for an address that other machines reach; give at least %d characters, or listen on 127.0.0.1", minWriterPassword)
	}
}

func checkCampaigns(campaigns []Campaign, bad func(path, format string, args ...any)) {
	names := map[string]int{}
	for i := range campaigns {
		c, path := &campaigns[i], fmt.Sprintf("campaigns[%d]", i)
		first, twice := names[c.Name]
		switch {
		case !fits(campaign.Campaign{Name: c.Name, Tags: []string{"tag"}}):
			bad(path+".name", "a campaign needs a name of at most 200 bytes, without blanks around it; give one")
		case twice:
			bad(path+".name", "%q is the name of campaigns[%d] already; give each its own", strict.Clip(c.Name), first)
		default:
			names[c.Name] = i
		}
		if len(c.Tags)+len(c.Terms)+len(c.Protected) == 0 {
			bad(path, "it watches nothing; give it tags, terms or protected accounts")
		}
		checkTags(c.Tags, path, bad)
		for j, term := range c.Terms {
			if !fits(campaign.Campaign{Name: "name", Terms: []string{term}}) {
				bad(fmt.Sprintf("%s.terms[%d]", path, j), "%q has no word to look for; give a word or a phrase", strict.Clip(term))
			}
		}
		for j, p := range c.Protected {
			at := fmt.Sprintf("%s.protected[%d]", path, j)
			if p.Platform != "" && !slices.Contains(platforms, p.Platform) {
				bad(at+".platform", "%q is unknown; write one of %s, or leave it out for any", strict.Clip(p.Platform), strings.Join(platforms, ", "))
			}
			if !fits(campaign.Campaign{Name: "name", Protected: []campaign.Protected{{Account: p.Account}}}) {
				bad(at+".account", "there is no account; give its handle or id")
			}
		}
		checkDeclared(c.Declared, path, bad)
		if c.KeepDays > maxKeepDays {
			bad(path+".keep_days", "%d is no number of days up to %d; leave it out to keep posts for ever", c.KeepDays, maxKeepDays)
		}
	}
}

// maxKeepDays is longer than Winnow's platforms exist.
const maxKeepDays = 36_500

func checkTags(tags []string, path string, bad func(path, format string, args ...any)) {
	for i, tag := range tags {
		if fold.TagKey(tag) == "" {
			bad(fmt.Sprintf("%s.tags[%d]", path, i), "%q is no hashtag; it needs a letter, and may have letters, digits and _ only", strict.Clip(tag))
		}
	}
}

func checkDeclared(declared []Declared, path string, bad func(path, format string, args ...any)) {
	names := map[string]int{}
	for i := range declared {
		d, path := &declared[i], fmt.Sprintf("%s.declared[%d]", path, i)
		first, twice := names[d.Name]
		switch {
		case strings.TrimSpace(d.Name) == "":
			bad(path+".name", "a declared action needs a name; give one")
		case twice:
			bad(path+".name", "%q is the name of declared[%d] already; give each its own", strict.Clip(d.Name), first)
		default:
			names[d.Name] = i
		}
		switch {
		case d.From.IsZero() || d.To.IsZero():
			if d.From.IsZero() {
				bad(path+".from", "when does it start? give a day or a moment")
			}
			if d.To.IsZero() {
				bad(path+".to", "when does it end? give a day or a moment")
			}
		case !d.From.Before(d.To):
			bad(path+".to", "it ends before it starts; to must be later than from, and a day counts from its first moment")
		}
		if len(d.Tags)+len(d.Texts) == 0 {
			bad(path, "nothing belongs to it; give it tags or texts")
		}
		checkTags(d.Tags, path, bad)
		for j, text := range d.Texts {
			if !fits(campaign.Campaign{Name: "name", Terms: []string{text}}) {
				bad(fmt.Sprintf("%s.texts[%d]", path, j), "%q has no word to look for; give a word or a phrase", strict.Clip(text))
			}
		}
	}
}

// fits asks the matcher itself, so that both always agree on what a name, a
// term and an account may be.
func fits(c campaign.Campaign) bool {
	_, err := campaign.NewMatcher([]campaign.Campaign{c})
	return err == nil
}

// natsURL says whether each of the servers, separated by commas, is one.
// Parameters behind a question mark belong to all of them.
func natsURL(raw string) bool {
	servers, _, _ := strings.Cut(raw, "?")
	for one := range strings.SplitSeq(servers, ",") {
		if !isURL(strings.TrimSpace(one), "nats", "tls", "ws", "wss") {
			return false
		}
	}
	return true
}

func isURL(raw string, schemes ...string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.Host != "" && slices.Contains(schemes, u.Scheme)
}

func hostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = netip.ParseAddrPort("127.0.0.1:" + port)
	return err == nil
}

// loopback says whether only this machine can reach an address.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
