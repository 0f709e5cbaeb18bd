package table

import (
	"math"
	"strconv"
	"strings"
	"time"

	"winnow/collectors/wire"
	"winnow/collectors/x"
	"winnow/pipeline/post"
)

// The reasons why a row is none of its table.
const (
	WrongFields post.Reason = "wrong-fields" // more or fewer than the header names
	BadQuotes   post.Reason = "bad-quotes"   // text behind a closing quote
)

// Decoder turns the rows of a table into posts, one at a time.
type Decoder struct {
	*Table
	fields fields
	row    []string
}

// NewDecoder reads the rows of t.
func NewDecoder(t *Table) *Decoder {
	return &Decoder{Table: t, fields: fields{delim: t.delim}}
}

// Decode reads one row into m. What a field that is empty or "NA" (R's word for
// missing) would say is unknown.
func (d *Decoder) Decode(raw []byte, m *wire.Message) {
	row, err := d.fields.split(raw)
	if err != nil {
		m.Reject(err)
		return
	}
	if len(row) != d.width {
		m.Reject(wire.Rejectf(WrongFields, strconv.Itoa(len(row)), " fields, the header has ", strconv.Itoa(d.width)))
		return
	}
	d.row = row
	n := len(m.Posts)
	m.Keep(d.fill(m.Next()))
	m.Received(n, raw)
}

func (d *Decoder) get(c column) string {
	if i := d.at[c]; i >= 0 {
		if s := d.row[i]; s != "NA" {
			return s
		}
	}
	return ""
}

func (d *Decoder) fill(p *post.Post) error {
	p.ID = d.get(colContentID)
	p.Account.ID = d.get(colAccountID)
	p.Account.Handle = d.get(colHandle)
	p.Campaign = d.get(colCampaign)
	p.Shared = d.get(colObject)
	p.Lang = d.get(colLang)
	if i := d.at[colText]; i >= 0 {
		p.Text = d.row[i]
	}
	var err error
	if p.Platform, err = platform(d.get(colPlatform)); err != nil {
		return err
	}
	if p.PostedAt, err = d.time(colTime); err != nil {
		return err
	}
	p.ObservedAt = p.PostedAt
	if p.Account.CreatedAt, err = d.time(colCreated); err != nil {
		return err
	}
	if err := d.kind(p); err != nil {
		return err
	}
	d.shared(p)
	return d.figures(p)
}

// kind says what the post does with another one.
func (d *Decoder) kind(p *post.Post) error {
	p.Kind = post.Original
	original := d.get(colRepostOf)
	isRepost, err := truth(d.get(colIsRepost))
	if err != nil {
		return err
	}
	if isRepost || original != "" {
		p.Kind = post.Repost
		p.RepostOf.PostID = original
		p.RepostOf.Handle, p.Text = x.CutRepostMark(p.Text)
		return nil
	}
	if to := d.get(colReplyTo); to != "" {
		p.Kind = post.Reply
		p.ReplyTo.PostID = to
	}
	return nil
}

// shared fills tags, links and mentions. A table without a column of hashtags
// has them in the text, and so it is with mentions; but those in the text of a
// repost are its author's, and often cut short.
func (d *Decoder) shared(p *post.Post) {
	if d.at[colTags] < 0 {
		p.Tags = post.TagsIn(p.Text)
	} else if s := d.get(colTags); s != "" {
		p.Tags = make([]post.Tag, 0, 1+strings.Count(s, " "))
		for t := range strings.FieldsSeq(s) {
			p.Tags = append(p.Tags, post.Tag{Posted: t})
		}
	}
	if s := d.get(colLinks); s != "" {
		p.Links = strings.Fields(s)
	}
	if d.at[colMentions] < 0 && p.Kind != post.Repost {
		p.Mentions = mentionsIn(p.Text)
		return
	}
	for s := range strings.FieldsSeq(d.get(colMentions)) {
		if strings.HasPrefix(s, "did:") || strings.Contains(s, "://") {
			p.Mentions = append(p.Mentions, post.Mention{AccountID: s})
		} else {
			p.Mentions = append(p.Mentions, post.Mention{Handle: s})
		}
	}
}

func (d *Decoder) figures(p *post.Post) error {
	for _, f := range [...]struct {
		c  column
		to *post.Count
	}{
		{colFollowers, &p.Account.Followers},
		{colLikes, &p.Engagement.Likes},
		{colReposts, &p.Engagement.Reposts},
		{colReplies, &p.Engagement.Replies},
		{colQuotes, &p.Engagement.Quotes},
		{colViews, &p.Engagement.Views},
	} {
		if d.at[f.c] < 0 {
			continue
		}
		n, err := number(d.get(f.c), columnNames[f.c])
		if err != nil {
			return err
		}
		*f.to = n
	}
	return nil
}

// number reads a count; tools write 12, 12.0 and 1.2e1 for it.
func number(s, name string) (post.Count, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.EqualFold(s, "nan") || s == "null" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		f, ferr := strconv.ParseFloat(s, 64)
		if ferr != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return 0, wire.Rejectf(wire.WrongType, name, " is no whole number")
		}
		n = int64(f)
	}
	if n < 0 {
		return 0, wire.Rejectf(wire.NegativeCount, name)
	}
	return post.KnownCount(n), nil
}

func truth(s string) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "false", "f", "no", "0.0":
		return false, nil
	case "1", "true", "t", "yes", "1.0":
		return true, nil
	}
	return false, wire.Rejectf(wire.WrongType, "is_retweet is neither true nor false")
}

func platform(s string) (post.Platform, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "archive":
		return post.Archive, nil
	case "x", "twitter":
		return post.X, nil
	case "mastodon":
		return post.Mastodon, nil
	case "bluesky", "bsky":
		return post.Bluesky, nil
	}
	return "", wire.Rejectf(post.BadPlatform, "platform")
}

// Numbers from these on are milliseconds and microseconds: as seconds they
// would lie beyond the year 5000.
const (
	fromMillis = 1e11
	fromMicros = 1e14
)

// timeForms are how tools write a time as text. What names no zone is UTC.
var timeForms = [...]string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"}

// time reads a point in time: seconds, milliseconds or microseconds since
// 1970, or one of timeForms.
func (d *Decoder) time(c column) (time.Time, error) {
	s := d.get(c)
	if s == "" {
		return time.Time{}, nil
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		switch {
		case n >= fromMicros:
			return time.UnixMicro(n).UTC(), nil
		case n >= fromMillis:
			return time.UnixMilli(n).UTC(), nil
		}
		return time.Unix(n, 0).UTC(), nil
	}
	s = strings.TrimSpace(s)
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > 0 && f < 1e17 {
		switch {
		case f >= fromMicros:
			return time.UnixMicro(int64(f)).UTC(), nil
		case f >= fromMillis:
			return time.UnixMilli(int64(f)).UTC(), nil
		}
		return time.UnixMilli(int64(math.Round(f * 1000))).UTC(), nil
	}
	for _, form := range timeForms {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, wire.Rejectf(post.BadTime, columnNames[c])
}
