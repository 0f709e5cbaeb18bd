package report

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"time"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/changed"
	"winnow/dashboards/desk/chart"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/desk/judge"
	"winnow/dashboards/desk/palette"
	"winnow/dashboards/desk/window"
	"winnow/dashboards/desk/words"
	"winnow/storage/view"
)

// Files holds links.html, which defines the template "report-links" for [Links]. It is
// for the page that offers reports.
//
//go:embed links.html
var Files embed.FS

//go:embed report.html single.html parts.html finding.html method.html report.css
var files embed.FS

// Store is what a report is made of; see package view for what each answers.
type Store interface {
	Campaign(ctx context.Context, name string) (view.CampaignSummary, bool, error)
	Audience(ctx context.Context, campaign string, from, to time.Time) (view.Audience, error)
	Measures(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.Measures, error)
	Series(ctx context.Context, campaign string, from, to time.Time, step time.Duration) ([]view.SeriesPoint, error)
	Findings(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	Rejected(ctx context.Context, campaign string) ([]view.FindingSummary, error)
	Finding(ctx context.Context, campaign, id string) (view.FindingDetail, bool, error)
	Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]view.FindingEdge, error)
	Changes(ctx context.Context, campaign string) ([]view.Change, error)
	Gaps(ctx context.Context, campaign string, from, to time.Time) ([]view.Gap, error)
	Coverage(ctx context.Context, campaign string, from, to time.Time) ([]view.Coverage, error)
}

// Options says what a report is about, and how it is told.
type Options struct {
	Campaign string
	// From is included, To is not; both are widened to whole hours. The zero time
	// stands for the first post, and for the last.
	From, To time.Time
	// Identities takes handles and what accounts shared into the report.
	Identities bool
	// Demo says that all posts are made up.
	Demo bool
	// Version is that of the program that makes the report.
	Version string
	// Zone is the one that times are told in; nil means UTC.
	Zone *time.Location
	// Language is the one that it is told in; the zero value is English.
	Language catalogue.Language
	// Now is when the report is made.
	Now time.Time
	// Progress is told how many of the findings have been read; it may be nil.
	Progress func(done, of int)

	// tell tells everything, by the options.
	tell *words.Teller
}

// SetSpan reads the time that is asked for, in the zone of the options if it names none;
// "" leaves a side open. The error says what was not understood, and is an [ErrSpan].
func (o *Options) SetSpan(from, to string) error {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	for _, side := range []struct {
		text string
		at   *time.Time
	}{{from, &o.From}, {to, &o.To}} {
		if side.text == "" {
			continue
		}
		at, ok := window.ParseTime(side.text, zone)
		if !ok {
			return fmt.Errorf("%.40q is no time, write it as 2015-06-12 18:00: %w", side.text, ErrSpan)
		}
		*side.at = at
	}
	return nil
}

// Why there is no report.
var (
	ErrNoCampaign = errors.New("there is no such campaign")
	ErrEmpty      = errors.New("the campaign has no post in this time, so there is nothing to report")
	ErrSpan       = errors.New("the end must lie after the beginning")
)

// Write reads a campaign and writes its report. Nothing is written unless all of it
// could be made. The errors are [ErrNoCampaign], [ErrEmpty] and [ErrSpan], and those of
// the store and of w.
func Write(ctx context.Context, w io.Writer, s Store, o Options) error {
	if err := o.complete(); err != nil {
		return err
	}
	p, err := read(ctx, s, o)
	if err != nil {
		return err
	}
	return render(w, "report.html", p, o)
}

// complete fills in what is not given.
func (o *Options) complete() error {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.Now = o.Now.In(o.Zone)
	if o.Language.Code == "" {
		o.Language = catalogue.English()
	}
	messages, err := catalogue.Load(o.Language)
	if err != nil {
		return fmt.Errorf("making a report: %w", err)
	}
	now := o.Now
	o.tell = words.NewTeller(messages, o.Zone, func() time.Time { return now })
	return nil
}

// title names a report about a stretch of time.
func (o *Options) title(from, to time.Time) string {
	return o.tell.Text("Report on %s, %s to %s", o.tell.Naming(o.Campaign), o.tell.Day(from), o.tell.Day(to))
}

func render(w io.Writer, name string, page any, o Options) error {
	all, err := parse(o)
	if err != nil {
		return fmt.Errorf("making a report: %w", err)
	}
	var file bytes.Buffer
	if err := all.ExecuteTemplate(&file, name, page); err != nil {
		return fmt.Errorf("making a report: %w", err)
	}
	if _, err := file.WriteTo(w); err != nil {
		return fmt.Errorf("writing a report: %w", err)
	}
	return nil
}

// parse returns the templates. They stand for one report, whose clock and zone their
// words have.
func parse(o Options) (*template.Template, error) {
	t := o.tell
	utc := words.NewTeller(t.Messages(), time.UTC, t.Now)
	all, err := template.New("").Funcs(t.Funcs()).Funcs(template.FuncMap{
		"seen":               func(c view.Coverage) string { return coverage.Seen(t, c) },
		"named":              func(platform, source string) string { return coverage.Name(t, platform, source) },
		"usual":              func(c view.Change) string { return changed.Usual(t, c) },
		"held":               func(c view.Change) string { return changed.Held(t, c) },
		"held_means":         func(c view.Change) string { return changed.HeldMeans(t, c) },
		"judged":             func(judgement string) string { return judge.Told(t, judgement) },
		"say_account":        func(i int) string { return t.Text("Account %s", t.Number(uint64(i))) },
		"day_utc":            utc.Day,
		"language_code":      func() string { return o.Language.Code },
		"language_direction": func() string { return o.Language.Direction },
		"next":               func(i int) int { return i + 1 },
	}).ParseFS(files, "*.html", "report.css")
	if err == nil {
		all, err = all.ParseFS(chart.Files, "chart.html")
	}
	if err == nil {
		_, err = all.New("palette.css").Parse(palette.CSS)
	}
	return all, err
}
