package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"winnow/collectors"
	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/draft"
	"winnow/dashboards/desk/finding"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/guard"
	"winnow/dashboards/desk/live"
	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/report"
	"winnow/pipeline/campaign"
	"winnow/storage/view"
)

// requestTimeout bounds the work for one page. It is longer than any query
// should take and shorter than the patience of a person in front of it.
const requestTimeout = 20 * time.Second

// Store is what the pages read. An error means that the store could not
// answer; a campaign or finding that does not exist is reported by the bool.
type Store interface {
	people.Store
	finding.Store
	coverage.Store
	// What a report asks besides.
	report.Store
	// Campaigns returns the totals of all campaigns.
	Campaigns(ctx context.Context) ([]view.CampaignSummary, error)
	// Campaign returns the totals of one campaign.
	Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error)
	// Series returns the buckets from from (included) to to (excluded), all
	// platforms together, oldest first. The step is one minute, one hour or
	// one day and from is a multiple of it. Buckets without posts may be
	// missing.
	Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error)
	// Findings returns the open findings of a campaign that no person judged wrong,
	// Rejected those that somebody did; in any order.
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	// Changes returns the changes of the volume of a campaign and its tags, in any
	// order.
	Changes(ctx context.Context, campaign string) ([]view.Change, error)
	// Change returns one change with what rose and fell.
	Change(ctx context.Context, campaign, id string) (view.ChangeDetail, bool, error)
}

// Status is how the rest of the process is doing, as shown in the head of every page.
type Status = frame.Status

// Options says what the pages show and to whom they answer.
type Options struct {
	// Store is where the numbers come from. It is needed.
	Store Store
	// Verdicts takes what people say of findings; nil leaves the pages for reading
	// only.
	Verdicts finding.Judger
	// Bundles hands findings on; nil for not at all.
	Bundles finding.Bundler
	// Protected tells whom a campaign protects; nil for nobody.
	Protected func(campaign string) []campaign.Protected
	// Alerts is who is told of attacks outside the pages; nil for nobody.
	Alerts alerts.Source
	// Campaigns is where campaigns are made and changed; nil leaves those pages out.
	Campaigns draft.Book
	// Hosts are the names, with or without a port, by which the pages may be
	// opened besides "localhost" and the loopback addresses.
	Hosts []string
	// Access says who may open the pages; nil for whoever reaches them.
	Access *access.Options
	// Demo puts a banner on every page that the posts are synthetic.
	Demo bool
	// API is served under /api/, to programs with a token as well; nil leaves it out.
	API http.Handler
	// Metrics is served at /metrics; nil leaves it out.
	Metrics http.Handler
	// Version is shown in the foot of every page.
	Version string
	// Zone is the one that times are told in, unless a reader asks for UTC; nil
	// means UTC.
	Zone *time.Location
	// Language is for readers whose browser asks for none that there is; empty means
	// English.
	Language catalogue.Language
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log receives what goes wrong; nil discards it.
	Log *slog.Logger
	// Status tells how the process is doing; nil leaves it out.
	Status func() Status
	// Sources tells how the live sources are; nil if none are configured.
	Sources func() []collectors.Status
	// Kept tells what is kept as evidence, by campaign; nil if nothing is.
	Kept func() []coverage.Kept
	// Every is how often open pages are told how the process is; zero means 5 s.
	Every time.Duration
	// Ended is closed when open pages are not to be told any more that there is
	// something new, because the server stops; nil means never.
	Ended <-chan struct{}
}

// desk holds what all pages share. It does not change after
// New, except for what watched remembers.
type desk struct {
	*frame.Frame
	store    Store
	findings *finding.Pages
	// record writes into the audit log, if there is one.
	record  func(r *http.Request, e audit.Entry) error
	demo    bool
	version string
	now     func() time.Time
	log     *slog.Logger
	sources func() []collectors.Status
	kept    func() []coverage.Kept
	watched *coverage.Watched
	live    *live.Streams
	// protected tells whom a campaign protects.
	protected func(campaign string) []campaign.Protected
	drafts    *draft.Pages
}

// New builds the handler for all pages. It fails if there is no store, if a
// host name cannot be one, or if a template is broken.
func New(o Options) (http.Handler, error) {
	if o.Store == nil {
		return nil, errors.New("build the desk: no store given")
	}
	d := &desk{
		store: o.Store, record: func(*http.Request, audit.Entry) error { return nil },
		demo: o.Demo, version: o.Version,
		now: o.Now, log: o.Log, sources: o.Sources, kept: o.Kept, protected: o.Protected, watched: &coverage.Watched{},
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	if d.sources == nil {
		d.sources = func() []collectors.Status { return nil }
	}
	if d.kept == nil {
		d.kept = func() []coverage.Kept { return nil }
	}
	if d.protected == nil {
		d.protected = func(string) []campaign.Protected { return nil }
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	var err error
	d.Frame, err = frame.New(frame.Options{
		Pages: templateFiles, Names: pageNames(), Parts: parts(), Funcs: funcs, Coverage: d.anyCoverage,
		Status: o.Status, Sources: d.sources, Demo: o.Demo, Version: o.Version, Zone: o.Zone, Language: o.Language, Now: d.now, Log: d.log,
	})
	if err != nil {
		return nil, fmt.Errorf("build the desk: %w", err)
	}

	d.findings = finding.New(finding.Options{
		Frame: d.Frame, Store: d.store, Judger: o.Verdicts, Bundler: o.Bundles, Now: d.now, Log: d.log,
		// What writes the audit log is known once the door is made.
		Record: func(r *http.Request, e audit.Entry) error { return d.record(r, e) },
	})
	d.live = live.New(live.Options{State: d.LiveState, Every: o.Every, Ended: o.Ended})
	mux := http.NewServeMux()
	mux.HandleFunc(frame.ZonePath, d.ChooseZone)
	mux.HandleFunc(frame.LanguagePath, d.ChooseLanguage)
	mux.Handle("/{$}", d.page(d.showCampaigns))
	mux.Handle("/campaign", d.page(d.showCampaign))
	mux.Handle(finding.Path, d.page(d.findings.Show))
	mux.Handle(finding.ListPath, d.page(d.findings.SendList))
	mux.Handle(reportPath, d.page(d.sendReport))
	if o.Bundles != nil {
		mux.Handle(finding.BundlePath, d.page(d.findings.SendBundle))
	}
	if o.Verdicts != nil {
		mux.Handle("POST "+finding.Path, d.page(d.findings.Judge))
	}
	mux.Handle("/campaign/change", d.page(d.showChange))
	mux.Handle("/campaign/replay", d.page(d.showReplay))
	mux.Handle(people.Path, d.page(d.showPeople))
	mux.Handle(alerts.Path, d.page(d.alertsBoard(o.Alerts).ServeHTTP))
	d.serveDrafts(mux, o.Campaigns)
	mux.Handle("/coverage", d.page(d.showCoverage))
	mux.Handle("/about", d.page(d.showAbout))
	mux.Handle("/", d.page(d.showNotFound))

	compress, err := compressor()
	if err != nil {
		return nil, fmt.Errorf("build the desk: %w", err)
	}
	all := http.NewServeMux()
	all.Handle("/", compress(mux))
	all.HandleFunc("/live", d.serveLive)

	front, forms, err := d.front(o, all, compress(http.HandlerFunc(d.ServeAsset)))
	if err != nil {
		return nil, fmt.Errorf("build the desk: %w", err)
	}
	guarded, err := guard.New(o.Hosts, forms, front)
	if err != nil {
		return nil, fmt.Errorf("build the desk: %w", err)
	}
	return guarded, nil
}

// front puts before the pages what anybody may see, and whatever lets people in;
// forms are the paths that take a POST. What is not named here needs a log-in, if
// there are users.
func (d *desk) front(o Options, pages, assets http.Handler) (front http.Handler, forms []string, err error) {
	if o.Verdicts != nil {
		forms = append(forms, finding.Path)
	}
	if o.Alerts != nil {
		forms = append(forms, alerts.Path)
	}
	if d.drafts != nil {
		forms = append(forms, draft.Forms()...)
	}
	mux := http.NewServeMux()
	mux.Handle("/assets/{name}", assets)
	mux.HandleFunc("/healthz", serveHealth)
	if o.Access == nil {
		mux.Handle("/", access.Everyone(pages))
		if o.API != nil {
			mux.Handle("/api/", access.Everyone(o.API))
		}
		if o.Metrics != nil {
			mux.Handle("/metrics", o.Metrics)
		}
		return mux, forms, nil
	}
	door, err := access.New(*o.Access, d.now, d.log, d.ShowLogIn)
	if err != nil {
		return nil, nil, err
	}
	d.record = door.Record
	mux.Handle("/", door.Protect(pages))
	mux.HandleFunc("/login", door.LogIn)
	mux.HandleFunc("/logout", door.LogOut)
	if o.API != nil {
		mux.Handle("/api/", door.API(o.API))
	}
	if o.Metrics != nil {
		mux.Handle("/metrics", door.Metrics(o.Metrics))
	}
	return mux, append(forms, access.Paths()...), nil
}

// jitter is by how many bytes, at random, an answer is longer than it need be, so
// that its length does not tell what stands in it to who can have it fetched again and
// again with words of their own in the address (BREACH).
const jitter = 64

// compressor makes a handler answer with gzip where a browser takes it: a page of a
// busy campaign is mostly numbers, and a telephone's line is slow.
func compressor() (func(http.Handler) http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.RandomJitter(jitter, 0, false))
	if err != nil {
		return nil, fmt.Errorf("prepare compression: %w", err)
	}
	return func(h http.Handler) http.Handler { return wrap(h) }, nil
}

// page makes a handler of a function that shows one page, and gives it the
// time that a page may take.
func (d *desk) page(show func(w http.ResponseWriter, r *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		// Evidence about people does not belong in a browser's disk cache.
		w.Header().Set("Cache-Control", "no-store")
		if !access.May(ctx, user.Read) {
			http.Error(w, "You may not read this page.", http.StatusForbidden)
			return
		}
		show(w, r.WithContext(ctx))
	})
}

// serveLive tells an open page when there is something new.
func (d *desk) serveLive(w http.ResponseWriter, r *http.Request) {
	if !access.May(r.Context(), user.Read) {
		http.Error(w, "You may not read this page.", http.StatusForbidden)
		return
	}
	d.live.ServeHTTP(w, r)
}

// serveHealth says that the process answers, and nothing else.
func serveHealth(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	// A probe that hung up needs no answer.
	_, _ = w.Write([]byte("ok\n"))
}
