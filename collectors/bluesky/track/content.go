package track

import (
	"github.com/go-json-experiment/json"

	"winnow/pipeline/post"
)

// content is what a repost takes over from its original. It is kept as JSON,
// which is one small piece of memory where a Post is many.
type content struct {
	Text     string         `json:"t,omitzero"`
	Lang     string         `json:"l,omitzero"`
	Tags     []string       `json:"g,omitempty"` // as posted
	Links    []string       `json:"u,omitempty"`
	Mentions []post.Mention `json:"m,omitempty"`
	Images   []string       `json:"i,omitempty"`
}

// pack returns a post's content, "" if it has none or cannot be kept.
func pack(p *post.Post) string {
	c := content{Text: p.Text, Lang: p.Lang, Links: p.Links, Mentions: p.Mentions, Images: p.Images}
	for _, t := range p.Tags {
		c.Tags = append(c.Tags, t.Posted)
	}
	raw, err := json.Marshal(&c)
	if err != nil { // no UTF-8, which no post that was checked is
		return ""
	}
	return string(raw)
}

// unpack gives a post a packed content.
func unpack(packed string, p *post.Post) bool {
	var c content
	if err := json.Unmarshal([]byte(packed), &c); err != nil {
		return false
	}
	p.Text, p.Lang, p.Links, p.Mentions, p.Images = c.Text, c.Lang, c.Links, c.Mentions, c.Images
	p.Tags = p.Tags[:0]
	for _, t := range c.Tags {
		p.Tags = append(p.Tags, post.Tag{Posted: t})
	}
	return true
}
