package bluesky

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"winnow/collectors/wire"
	"winnow/pipeline/post"
)

// record is an app.bsky.feed.post or app.bsky.feed.repost.
type record struct {
	Text   string   `json:"text"`
	Langs  []string `json:"langs"`
	Tags   []string `json:"tags"`
	Facets []struct {
		Features []struct {
			Type string `json:"$type"`
			Tag  string `json:"tag"`
			URI  string `json:"uri"`
			DID  string `json:"did"`
		} `json:"features"`
	} `json:"facets"`
	Reply *struct {
		Parent link `json:"parent"`
	} `json:"reply"`
	Embed   *embed `json:"embed"`
	Subject link   `json:"subject"` // of a repost
}

// link points at a record.
type link struct {
	URI string `json:"uri"`
}

// embed is what a post carries: pictures, a video, a link card, another
// record, or another record and one of the others.
type embed struct {
	Type   string `json:"$type"`
	Images []struct {
		Image blob `json:"image"`
	} `json:"images"`
	Video    blob `json:"video"`
	External struct {
		URI string `json:"uri"`
	} `json:"external"`
	// Record is a link, or with media a link within an object of its own.
	Record struct {
		link
		Record link `json:"record"`
	} `json:"record"`
	Media *embed `json:"media"`
}

// blob names a file by the hash of its content.
type blob struct {
	Ref struct {
		Link string `json:"$link"`
	} `json:"ref"`
	CID string `json:"cid"` // the form before 2023
}

func repost(p *post.Post, raw jsontext.Value) error {
	r, err := decodeRecord(raw)
	if err != nil {
		return err
	}
	if r.Subject.URI == "" {
		return wire.Rejectf(post.NoID, "record.subject.uri")
	}
	p.Kind = post.Repost
	p.RepostOf = ref(r.Subject.URI)
	return nil
}

func fill(p *post.Post, raw jsontext.Value) error {
	r, err := decodeRecord(raw)
	if err != nil {
		return err
	}
	p.Kind = post.Original
	p.Text = r.Text
	if len(r.Langs) > 0 {
		p.Lang = strings.ToLower(r.Langs[0])
	}
	if r.Reply != nil && r.Reply.Parent.URI != "" {
		p.Kind = post.Reply
		p.ReplyTo = ref(r.Reply.Parent.URI)
	}
	var tags []string
	for _, f := range r.Facets {
		for _, ft := range f.Features {
			switch ft.Type {
			case "app.bsky.richtext.facet#tag":
				tags = append(tags, ft.Tag)
			case "app.bsky.richtext.facet#link":
				addLink(p, ft.URI)
			case "app.bsky.richtext.facet#mention":
				p.Mentions = append(p.Mentions, post.Mention{AccountID: ft.DID})
			}
		}
	}
	p.Tags = append(wire.Tags(append(tags, r.Tags...)), post.TagsIn(r.Text)...)
	r.Embed.fill(p, false)
	return nil
}

// fill takes what an embed carries. The media of an embed cannot carry media
// of their own.
func (e *embed) fill(p *post.Post, media bool) {
	if e == nil {
		return
	}
	for _, im := range e.Images {
		im.Image.fill(p)
	}
	e.Video.fill(p)
	addLink(p, e.External.URI)
	if media {
		return
	}
	for _, uri := range []string{e.Record.URI, e.Record.Record.URI} {
		// Lists, feeds and starter packs are embedded the same way and are
		// no posts.
		if strings.Contains(uri, "/"+CollectionPost+"/") {
			p.Kind = post.Quote
			p.QuoteOf = ref(uri)
		}
	}
	e.Media.fill(p, true)
}

func (b *blob) fill(p *post.Post) {
	switch {
	case b.Ref.Link != "":
		p.Images = append(p.Images, "cid:"+b.Ref.Link)
	case b.CID != "":
		p.Images = append(p.Images, "cid:"+b.CID)
	}
}

func addLink(p *post.Post, uri string) {
	if uri != "" {
		p.Links = append(p.Links, uri)
	}
}

// ref names the post at an at-uri and the account whose it is.
func ref(uri string) post.Ref {
	rest, ok := strings.CutPrefix(uri, "at://")
	if !ok {
		return post.Ref{PostID: uri}
	}
	did, _, _ := strings.Cut(rest, "/")
	return post.Ref{PostID: uri, AccountID: did}
}

func decodeRecord(raw jsontext.Value) (*record, error) {
	if len(raw) == 0 {
		return nil, wire.Rejectf(wire.UnknownShape, "commit.record is missing")
	}
	var r record
	if err := wire.Unmarshal(raw, &r, options); err != nil {
		return nil, err
	}
	return &r, nil
}
