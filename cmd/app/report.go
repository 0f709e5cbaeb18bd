package app

import (
	"context"
	"io"

	"winnow/cmd/control"
	"winnow/dashboards/desk/report"
)

// aboutReports is what all reports of this process have in common.
func (a *App) aboutReports() report.Options {
	return report.Options{Demo: a.deps.Demo, Version: a.deps.Version, Zone: a.cfg.Desk.Zone(), Language: a.cfg.Desk.Tongue()}
}

// Report writes what is known of a campaign as one file, or nothing.
func (r *Running) Report(ctx context.Context, w io.Writer, ask control.Reporting) error {
	o := r.about
	o.Campaign, o.From, o.To, o.Identities, o.Now = ask.Campaign, ask.From, ask.To, ask.Identities, r.now()
	return report.Write(ctx, w, r.store.View(), o)
}
