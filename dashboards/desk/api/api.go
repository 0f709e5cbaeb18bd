package api

import (
	"context"
	_ "embed" // openapi.yaml is a file beside the code
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/access"
	"winnow/dashboards/desk/access/user"
	"winnow/dashboards/desk/api/query"
	"winnow/dashboards/desk/problem"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Store is what is read. An error means that the store could not answer; what does
// not exist is reported by the bool.
type Store interface {
	// Campaigns returns the totals of all campaigns.
	Campaigns(ctx context.Context) ([]view.CampaignSummary, error)
	// Campaign returns the totals of one campaign.
	Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error)
	// Series returns the buckets from from (included) to to (excluded), those without
	// posts left out. The step is one minute, one hour or one day.
	Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error)
	// Findings returns the open findings of a campaign that nobody judged wrong.
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	// Finding returns one finding with its evidence, whatever was judged.
	Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error)
	// Rejected returns those of a campaign's findings that a person judged wrong; the
	// others are what Findings returns.
	Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	// Audience counts the unique accounts of a stretch of time, and their followers.
	Audience(ctx context.Context, campaign string, from, to time.Time) (view.Audience, error)
	// Changes returns the changes of a campaign and its tags.
	Changes(ctx context.Context, campaign string) ([]view.Change, error)
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
}

// requestTimeout bounds the work for one answer, as for a page.
const requestTimeout = 20 * time.Second

// api holds what all endpoints share. It does not change after New.
type api struct {
	Options
	// tell tells what programs hand on to people, in English and UTC.
	tell *words.Teller
}

// endpoint answers one kind of request with what is to be written as JSON. Its
// parameters are read from q, which it asks for mistakes before it does any work.
type endpoint func(ctx context.Context, r *http.Request, q *query.Query) (any, error)

// root is where all addresses begin.
const root = "/api/v1"

// routes are all endpoints by their address behind root, as openapi.yaml has them.
func (a *api) routes() map[string]endpoint {
	return map[string]endpoint{
		"/status":                                  a.status,
		"/campaigns":                               a.campaigns,
		"/campaigns/{campaign}":                    a.campaign,
		"/campaigns/{campaign}/series":             a.series,
		"/campaigns/{campaign}/findings":           a.findings,
		"/campaigns/{campaign}/findings/{finding}": a.finding,
		"/campaigns/{campaign}/changes":            a.changes,
		"/campaigns/{campaign}/changes/{change}":   a.change,
		"/sources":                                 a.sources,
		"/coverage":                                a.coverage,
		"/gaps":                                    a.gaps,
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
	a := &api{o, words.InEnglish(time.UTC, o.Now)}
	mux := http.NewServeMux()
	for path, answer := range a.routes() {
		mux.HandleFunc(root+path, a.serve(answer))
	}
	mux.HandleFunc(root+descriptionPath, a.read(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		// A reader who left needs no answer.
		_, _ = w.Write(description)
	}))
	mux.HandleFunc("/", a.read(func(w http.ResponseWriter, _ *http.Request) {
		problem.Write(w, http.StatusNotFound, "Nothing is at this address. "+root+descriptionPath+" lists those there are.")
	}))
	return mux, nil
}

// read lets those through who may read, and only read.
func (a *api) read(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		// Evidence about people does not belong in any cache.
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			problem.Write(w, http.StatusMethodNotAllowed, "This can only be read.")
		case !access.May(r.Context(), user.Read):
			problem.Write(w, http.StatusForbidden, "You may not read this.")
		default:
			next(w, r)
		}
	}
}

// serve makes a handler of an endpoint. The answer is made in memory first: half an
// answer would be worse than an error.
func (a *api) serve(answer endpoint) http.HandlerFunc {
	return a.read(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		content, err := answer(ctx, r, query.Parse(r.URL.RawQuery))
		if err != nil {
			a.fail(w, r, err)
			return
		}
		body, err := json.Marshal(content)
		if err != nil {
			a.Log.ErrorContext(ctx, "answer could not be written as JSON", "pattern", r.Pattern, "err", err)
			problem.Write(w, http.StatusInternalServerError, "Winnow could not write this answer. Its log says why.")
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
		// A reader who left needs no answer.
		_, _ = w.Write(append(body, '\n'))
	})
}

// missing is that there is no such thing.
type missing struct{ what string }

func (m missing) Error() string { return m.what }

// missing things, told with the next step.
var (
	errNoCampaign = missing{"There is no such campaign. " + root + "/campaigns lists those there are; in an address a name is encoded as one part, so / as %2F."}
	errNoFinding  = missing{"There is no such finding. It may have been withdrawn, or merged into another as more posts came in."}
	errNoChange   = missing{"There is no such change. It may have been withdrawn as more posts came in, or begin at another time now: then it has another id."}
)

// fail answers when something is wrong. What the store said goes to the log only: it
// may tell more than an answer should.
func (a *api) fail(w http.ResponseWriter, r *http.Request, err error) {
	var mistakes *query.Mistakes
	var nothing missing
	switch {
	case errors.As(err, &mistakes):
		problem.Write(w, http.StatusBadRequest, "The query was not understood, so nothing was read.", mistakes.Parameters...)
	case errors.As(err, &nothing):
		problem.Write(w, http.StatusNotFound, nothing.what)
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil: // the reader left
	default:
		a.Log.ErrorContext(r.Context(), "store did not answer", "pattern", r.Pattern, "err", err)
		w.Header().Set("Retry-After", "10")
		detail := "The store does not answer just now. Nothing is lost; ask again in a moment."
		if errors.Is(err, context.DeadlineExceeded) {
			detail = fmt.Sprintf("The store did not answer within %d seconds. Nothing is lost; ask for a shorter time, or again in a moment.", int(requestTimeout.Seconds()))
		}
		problem.Write(w, http.StatusServiceUnavailable, detail)
	}
}
