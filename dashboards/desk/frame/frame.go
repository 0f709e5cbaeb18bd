package frame

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"time"

	"winnow/collectors"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/words"
)

// Status is how the rest of the process is doing, as shown in the head of
// every page.
type Status struct {
	// EngineUp says whether the store answers.
	EngineUp bool
	// LastPost is the time of the newest post stored since the start; zero if
	// there was none.
	LastPost time.Time
	// Waiting is how many batches of posts are collected and not stored yet.
	Waiting uint64
	// Notes are sentences for people about what is amiss now, such as a
	// source that stopped. They name no account.
	Notes []string
}

// Part is a file of templates that pages use.
type Part struct {
	Files embed.FS
	Name  string
}

// Options says what is framed. All of it is needed, save where it says otherwise.
type Options struct {
	// Pages holds templates/NAME.html for each of Names, which defines "content".
	Pages fs.FS
	Names []string
	Parts []Part
	// Funcs are the functions of the templates besides those of package words.
	Funcs func(*words.Teller) template.FuncMap
	// Coverage says whether there is anything to tell about coverage.
	Coverage func(ctx context.Context, now time.Time) bool
	// Status tells how the process is doing; nil leaves it out.
	Status func() Status
	// Sources tells how the live sources are.
	Sources func() []collectors.Status
	Demo    bool
	Version string
	// Zone is the one that times are told in, unless a reader asks for UTC.
	Zone *time.Location
	// Language is for readers whose browser asks for none that there is; the zero value
	// is English.
	Language catalogue.Language
	Now      func() time.Time
	Log      *slog.Logger
}

// Frame shows pages. It does not change after New.
type Frame struct {
	o Options
	// tellers by their language's code, in the operator's zone and in UTC; with the pages
	// that each of them tells, which are parsed when they are asked for first.
	tellers map[tongue]*words.Teller
	pages   map[*words.Teller]func() (pages, error)
	assets  assets
}

// New parses the templates. It fails if one of them is broken.
func New(o Options) (*Frame, error) {
	f := &Frame{o: o}
	var err error
	if f.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if err := f.loadLanguages(); err != nil {
		return nil, fmt.Errorf("make the pages: %w", err)
	}
	// A template that is broken is so in every language.
	if _, err := f.pages[f.tellers[tongue{language: catalogue.English().Code}]](); err != nil {
		return nil, fmt.Errorf("make the pages: %w", err)
	}
	return f, nil
}
