package finding

import (
	"context"
	"embed"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/frame"
	"winnow/dashboards/desk/strip"
	"winnow/storage"
	"winnow/storage/view"
)

// Files holds finding.html, which defines the template "finding" for a [Page]. It uses the
// words and parts of the pages.
//
//go:embed finding.html
var Files embed.FS

// Path is where a finding is read, and where a verdict on it goes; ListPath is where the
// list of its accounts and links is.
const (
	Path     = "/campaign/finding"
	ListPath = Path + "/list"
)

// Address is where a finding is read.
func Address(campaign, id string) string {
	return Path + "?" + url.Values{"name": {campaign}, "id": {id}}.Encode()
}

// Store is what the page is read from.
type Store interface {
	strip.Store
	// Finding returns one finding with its evidence.
	Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error)
	// Verdicts returns what people said of a finding, the newest first.
	Verdicts(ctx context.Context, campaign, id string) ([]view.Verdict, error)
	// Related returns findings of any campaign that have accounts or objects in
	// common with one, the most first, and how many there are besides.
	Related(ctx context.Context, campaign, id string) (all []view.RelatedFinding, more uint64, err error)
	// Edges returns what joins so many of the first accounts and objects of a finding.
	Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]view.FindingEdge, error)
}

// Judger takes what people say of findings.
type Judger interface {
	// Judge records a verdict. storage.ErrNoFinding says that there is no such
	// finding.
	Judge(ctx context.Context, v storage.Verdict) error
}

// Options are what the pages need.
type Options struct {
	Frame *frame.Frame
	Store Store
	// Judger is nil where findings are for reading only.
	Judger Judger
	// Bundler is nil where findings are not handed on.
	Bundler Bundler
	// Record writes into the audit log what whoever asks does; on an error nothing is
	// recorded and nothing is let out.
	Record func(r *http.Request, e audit.Entry) error
	Now    func() time.Time
	Log    *slog.Logger
}

// Pages are the page of a finding, its form for verdicts, its list and its bundle. They do not change.
type Pages struct{ o Options }

// New makes the pages.
func New(o Options) *Pages { return &Pages{o} }
