package api

import (
	"context"
	_ "embed" // openapi.yaml is a file beside the code
	"errors"
	"log/slog"
	"net/http"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/alerts"
	"winnow/dashboards/desk/api/endpoint"
	"winnow/dashboards/desk/people"
	"winnow/dashboards/desk/problem"
	"winnow/dashboards/desk/replay"
	"winnow/dashboards/desk/strip"
	"winnow/dashboards/desk/words"
	"winnow/pipeline/campaign"
	"winnow/storage/view"
)

// Store is what is read. An error means that the store could not answer; what does
// not exist is reported by the bool.
type Store interface {
	people.Store
	strip.Store
	replay.Store
	// Campaigns returns the totals of all campaigns.
	Campaigns(ctx context.Context) ([]view.CampaignSummary, error)
	// Finding returns one finding with its evidence, whatever was judged.
	Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error)
	// Verdicts returns what people said of a finding, the newest first.
	Verdicts(ctx context.Context, campaign, id string) ([]view.Verdict, error)
	// Related returns findings of any campaign that have accounts or objects in common
	// with one, the most first, and how many there are besides.
	Related(ctx context.Context, campaign, id string) (all []view.RelatedFinding, more uint64, err error)
	// Edges returns what joins so many of the first accounts and objects of a finding.
	Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]view.FindingEdge, error)
	// Audience counts the unique accounts of a stretch of time, and their followers.
	Audience(ctx context.Context, campaign string, from, to time.Time) (view.Audience, error)
	// Change returns one change with what rose and fell.
	Change(ctx context.Context, campaign, id string) (view.ChangeDetail, bool, error)
	// Gaps returns the gaps that overlap a stretch of time, of one campaign or with
	// "" of all.
	Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error)
	// Coverage returns how much of a stretch of time each source saw of a campaign,
	// or with "" of each.
	Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error)
}

// Status is how the process is doing.
type Status struct {
	// EngineUp says whether the store answers.
	EngineUp bool
	// LastPost is the time of the newest post stored since the start; zero for none.
	LastPost time.Time
	// Waiting is how many batches of posts are collected and not stored yet; nil if
	// that is not known.
	Waiting *uint64
	// Notes are sentences about what is amiss now.
	Notes []string
}

// Options says what is served.
type Options struct {
	// Store is where the numbers come from. It is needed.
	Store Store
	// Demo is true where the posts are synthetic.
	Demo bool
	// Version is Winnow's own.
	Version string
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Log receives what goes wrong; nil discards it.
	Log *slog.Logger
	// Status tells how the process is doing; nil if nobody knows.
	Status func() Status
	// Sources tells how the live sources are; nil if none are configured.
	Sources func() []collectors.Status
	// Protected tells whom a campaign protects; nil for nobody.
	Protected func(campaign string) []campaign.Protected
	// Alerts tells who is told of attacks outside the pages; nil for nobody.
	Alerts Receivers
}

// Receivers is who is told of attacks outside the pages.
type Receivers interface {
	// Channels returns them in the order of the configuration, without a secret.
	Channels() []alerts.Channel
}

// api holds what all endpoints share. It does not change after New.
type api struct {
	Options
	// tell tells what programs hand on to people, in English and UTC.
	tell *words.Teller
}

// root is where all addresses begin.
const root = "/api/v1"

// routes are all endpoints by their address behind root, as openapi.yaml has them.
func (a *api) routes() map[string]endpoint.Endpoint {
	return map[string]endpoint.Endpoint{
		"/status":                                          a.status,
		"/campaigns":                                       a.campaigns,
		"/campaigns/{campaign}":                            a.campaign,
		"/campaigns/{campaign}/series":                     a.series,
		"/campaigns/{campaign}/findings":                   a.findings,
		"/campaigns/{campaign}/findings/{finding}":         a.finding,
		"/campaigns/{campaign}/findings/{finding}/times":   a.times,
		"/campaigns/{campaign}/findings/{finding}/network": a.network,
		"/campaigns/{campaign}/changes":                    a.changes,
		"/campaigns/{campaign}/changes/{change}":           a.change,
		"/campaigns/{campaign}/people":                     a.people,
		"/campaigns/{campaign}/people/{person}":            a.person,
		"/campaigns/{campaign}/replay":                     a.replay,
		"/alerts":                                          a.alerts,
		"/sources":                                         a.sources,
		"/coverage":                                        a.coverage,
		"/gaps":                                            a.gaps,
	}
}

//go:embed openapi.yaml
var description []byte

// descriptionPath is where openapi.yaml is served, behind root.
const descriptionPath = "/openapi.yaml"

// New builds the handler for everything under /api/. It expects that whoever asks is
// known to package access.
func New(o Options) (http.Handler, error) {
	if o.Store == nil {
		return nil, errors.New("build the JSON API: no store given")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Sources == nil {
		o.Sources = func() []collectors.Status { return nil }
	}
	if o.Protected == nil {
		o.Protected = func(string) []campaign.Protected { return nil }
	}
	a := &api{o, words.InEnglish(time.UTC, o.Now)}
	mux, server := http.NewServeMux(), endpoint.Server{Log: o.Log}
	for path, answer := range a.routes() {
		mux.HandleFunc(root+path, server.Serve(answer))
	}
	mux.HandleFunc(root+descriptionPath, server.Read(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		// A reader who left needs no answer.
		_, _ = w.Write(description)
	}))
	mux.HandleFunc("/", server.Read(func(w http.ResponseWriter, _ *http.Request) {
		problem.Write(w, http.StatusNotFound, "Nothing is at this address. "+root+descriptionPath+" lists those there are.")
	}))
	return mux, nil
}

// missing things, told with the next step.
var (
	errNoCampaign = endpoint.Missing("There is no such campaign. " + root + "/campaigns lists those there are; in an address a name is encoded as one part, so / as %2F.")
	errNoFinding  = endpoint.Missing("There is no such finding. It may have been withdrawn, or merged into another as more posts came in.")
	errNoPerson   = endpoint.Missing("There is no such person here. The people of a campaign are those that it protects and those at whom a pile-on was directed: its address with /people lists them; in an address an id is encoded as one part, so / as %2F.")
	errNoChange   = endpoint.Missing("There is no such change. It may have been withdrawn as more posts came in, or begin at another time now: then it has another id.")
)
