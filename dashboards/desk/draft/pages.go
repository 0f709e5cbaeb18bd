package draft

import (
	"embed"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/pipeline/campaign"
)

// Files holds draft.html, which defines the template "draft" for a [View].
//
//go:embed draft.html
var Files embed.FS

// Where the pages are.
const (
	NewPath  = "/campaign/new"
	EditPath = "/campaign/edit"
	// FoldPath answers how hashtags fold, as JSON.
	FoldPath = "/campaign/fold"
)

// maxAsked is how much of the tags a look at FoldPath may ask for, in bytes.
const maxAsked = 8 << 10

// Forms are the paths that take a form.
func Forms() []string { return []string{NewPath, EditPath} }

// EditAddress is where a campaign is changed.
func EditAddress(name string) string {
	return EditPath + "?" + url.Values{"name": {name}}.Encode()
}

// Options are what the pages need of the desk. All of it is needed.
type Options struct {
	Book Book
	// Show writes a page with the desk's frame around the template "draft".
	Show func(w http.ResponseWriter, r *http.Request, status int, v View)
	// Record writes into the audit log; what is not there must not happen.
	Record func(r *http.Request, e audit.Entry) error
	// Zone is the one that a reader is told times in, with its name.
	Zone func(r *http.Request) (*time.Location, string)
	// Script and Style are the addresses of the page's own files.
	Script, Style string
	Log           *slog.Logger
}

// Pages serves the pages.
type Pages struct{ o Options }

// New returns the pages.
func New(o Options) *Pages { return &Pages{o} }

// Say is what a page says instead of showing a form.
type Say string

// What pages say.
const (
	NotYours Say = "not-yours"
	Missing  Say = "missing"
	Unread   Say = "unread"
	Large    Say = "large"
	Halved   Say = "halved"
)

// View is what the template shows.
type View struct {
	Say Say
	// Name is the campaign's; empty for a new one.
	Name    string
	Address string
	// Back is where the reader came from.
	Back string
	Form Form
	Opened
	// Zone names the one that the form's times are in; ZoneKey is for the form.
	Zone, ZoneKey string
	Folded        []Tag
	// Checked is true if the form was sent to be looked at only.
	Checked bool
	// Saved is true behind a change; InUse if Winnow works by it already.
	Saved, InUse bool
	// Refused says why a change was not made, besides what is wrong with fields.
	Refused string
	// Snippet is what to write down by hand; Now what is written down of this campaign,
	// where somebody else changed it.
	Snippet, Now  string
	Script, Style string
}

// ServeHTTP shows or takes a form, or answers how tags fold.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !access.May(r.Context(), user.Manage) {
		p.say(w, r, http.StatusForbidden, NotYours)
		return
	}
	opened, err := p.o.Book.Open()
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "campaigns could not be read", "err", err)
		p.say(w, r, http.StatusServiceUnavailable, Unread)
		return
	}
	v := View{Address: r.URL.Path, Back: "/", Opened: opened, Script: p.o.Script, Style: p.o.Style}
	var was campaign.Campaign
	switch r.URL.Path {
	case FoldPath:
		p.fold(w, r, opened)
		return
	case EditPath:
		i := slices.IndexFunc(opened.Campaigns, func(c campaign.Campaign) bool { return c.Name == r.URL.Query().Get("name") })
		if i < 0 {
			v.Say, v.Saved = Missing, r.URL.Query().Has("saved")
			p.o.Show(w, r, http.StatusNotFound, v)
			return
		}
		was = opened.Campaigns[i]
		v.Name, v.Address = was.Name, EditAddress(was.Name)
		v.Back = "/campaign?" + url.Values{"name": {was.Name}}.Encode()
	}
	if r.Method == http.MethodPost {
		p.take(w, r, v, was)
		return
	}
	zone, _ := p.o.Zone(r)
	v.Form = Fill(was, zone)
	if v.Name == "" {
		v.Form.Name = strings.ToValidUTF8(clip(r.URL.Query().Get("name")), "")
	} else {
		v.Saved = r.URL.Query().Has("saved")
		v.InUse = slices.ContainsFunc(opened.Watched, func(c campaign.Campaign) bool { return p.o.Book.Snippet(c) == p.o.Book.Snippet(was) })
		if opened.Closed != "" {
			v.Snippet = p.o.Book.Snippet(was)
		}
	}
	p.show(w, r, http.StatusOK, v)
}

// show completes a page with a form.
func (p *Pages) show(w http.ResponseWriter, r *http.Request, status int, v View) {
	zone, name := p.o.Zone(r)
	v.Zone, v.ZoneKey = name, zone.String()
	v.Folded = folded(v.Form.Tags, v.Form.Name, v.Campaigns)
	v.Form = v.Form.roomy()
	p.o.Show(w, r, status, v)
}

func (p *Pages) say(w http.ResponseWriter, r *http.Request, status int, what Say) {
	p.o.Show(w, r, status, View{Say: what, Back: "/"})
}

// take takes a form: to look at it, or to make the change.
func (p *Pages) take(w http.ResponseWriter, r *http.Request, v View, was campaign.Campaign) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := r.ParseForm(); err != nil {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			p.say(w, r, http.StatusRequestEntityTooLarge, Large)
			return
		}
		p.say(w, r, http.StatusBadRequest, Halved)
		return
	}
	v.Form = sent(r.PostForm)
	if v.Name != "" {
		v.Form.Name = v.Name
	}
	zone, _ := p.o.Zone(r)
	if key := r.PostForm.Get("zone"); key != zone.String() && len(v.Form.Actions) > 0 {
		v.Form.add("", Problem{Code: "zone"})
	}
	c, places := v.Form.read(was, zone)
	if v.Name != "" {
		c.Name = v.Name
	} else if slices.ContainsFunc(v.Campaigns, func(one campaign.Campaign) bool { return one.Name == c.Name }) {
		v.Form.add("name", Problem{Code: "taken"})
	}
	found, err := p.o.Book.Check(c)
	if err != nil {
		p.o.Log.ErrorContext(r.Context(), "campaigns could not be read", "err", err)
		p.say(w, r, http.StatusServiceUnavailable, Unread)
		return
	}
	v.Form.blame(found, places)
	switch {
	case !v.Form.Fine():
		p.show(w, r, http.StatusUnprocessableEntity, v)
	case v.Closed != "" || r.PostForm.Get("action") != "save":
		if v.Checked = true; v.Closed != "" {
			v.Snippet = p.o.Book.Snippet(c)
		}
		p.show(w, r, http.StatusOK, v)
	default:
		p.write(w, r, v, was, c)
	}
}

// write makes a change, or tells why not.
func (p *Pages) write(w http.ResponseWriter, r *http.Request, v View, was, c campaign.Campaign) {
	event := audit.CampaignChanged
	if v.Name == "" {
		event = audit.CampaignMade
	}
	err := ErrChanged
	if version := r.PostForm.Get("version"); version == v.Version {
		if err = p.o.Record(r, audit.Entry{Event: event, Campaign: c.Name}); err != nil {
			p.o.Log.ErrorContext(r.Context(), "change of a campaign could not be audited", "err", err)
			v.Refused = "audit"
			p.show(w, r, http.StatusServiceUnavailable, v)
			return
		}
		err = p.o.Book.Write(version, c)
	}
	if err == nil {
		// Another Winnow may take the place of this one: let the browser ask anew.
		w.Header().Set("Connection", "close")
		http.Redirect(w, r, EditAddress(c.Name)+"&saved=yes", http.StatusSeeOther)
		return
	}
	status := http.StatusConflict
	v.Snippet = p.o.Book.Snippet(c)
	switch {
	case errors.Is(err, ErrChanged):
		v.Refused, v.Snippet = "changed", ""
		if again, err := p.o.Book.Open(); err == nil {
			v.Opened = again
		}
		if v.Name != "" {
			v.Now = p.o.Book.Snippet(was)
		}
	case errors.Is(err, ErrClosed):
		v.Refused = "closed"
	case errors.Is(err, ErrLayout):
		v.Refused = "layout"
	default:
		p.o.Log.ErrorContext(r.Context(), "campaign could not be written", "err", err)
		v.Refused, status = "unwritten", http.StatusServiceUnavailable
	}
	p.show(w, r, status, v)
}

// fold answers how the tags of a draft fold, a line each.
func (p *Pages) fold(w http.ResponseWriter, r *http.Request, opened Opened) {
	query := r.URL.Query()
	tags := query.Get("tags")
	if len(tags) > maxAsked {
		http.Error(w, "These are more tags than one look is for.", http.StatusRequestURITooLong)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	// A reader who left needs no answer.
	_ = json.NewEncoder(w).Encode(struct {
		Tags []Tag `json:"tags"`
	}{folded(tags, query.Get("name"), opened.Campaigns)})
}
