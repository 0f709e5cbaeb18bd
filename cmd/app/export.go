package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"winnow/cmd/control"
	"winnow/cmd/keyring"
	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/finding"
	"winnow/dashboards/export"
	"winnow/dashboards/export/bundle"
	"winnow/dashboards/export/seal"
	"winnow/pipeline/coordination"
	"winnow/storage/evidence"
	"winnow/storage/view"
)

// ErrReceivers says that names go to named receivers only.
var ErrReceivers = errors.New("a bundle that names people must be encrypted: name a receiver's public key (age1… or ssh-ed25519 …) for each who shall open it")

// Export writes what is known of a finding as one bundle, or nothing.
func (r *Running) Export(ctx context.Context, w io.Writer, ask control.Exporting) error {
	return r.exporter.command(ctx, w, ask)
}

// ExportOnce is Export by whoever owns the data directory for a moment.
func (a *App) ExportOnce(ctx context.Context, w io.Writer, s *view.Reader, ask control.Exporting) error {
	kept, err := a.openEvidence()
	if err != nil {
		return err
	}
	if kept != nil {
		defer kept.Close() //nolint:errcheck // it was only read
	}
	return a.newExporter(s, kept).command(ctx, w, ask)
}

// exporter makes bundles.
type exporter struct {
	app   *App
	store *view.Reader
	// kept is what was received; nil if nothing is kept.
	kept *evidence.Store
	keys *keyring.Ring
}

func (a *App) newExporter(s *view.Reader, kept *evidence.Store) *exporter {
	return &exporter{app: a, store: s, kept: kept, keys: keyring.In(a.cfg.DataDir)}
}

// order is which finding is exported, and to whom.
type order struct {
	campaign, finding string
	profile           export.Profile
	to                seal.Receivers
}

// command exports what a command asks for.
func (x *exporter) command(ctx context.Context, w io.Writer, ask control.Exporting) error {
	to, err := seal.ParseReceivers(ask.Receivers...)
	if err != nil {
		return err
	}
	o := order{campaign: ask.Campaign, finding: ask.Finding, profile: export.Profile(ask.Profile), to: to}
	if o.campaign == "" {
		if o.campaign, err = x.campaignOf(ctx, o.finding); err != nil {
			return err
		}
	}
	return x.audited(ctx, w, o, audit.CommandLine)
}

// Bundle exports what a reader of the desk asks for. Where that has users, it writes down
// itself who asked; where not, whoever reaches it may do everything.
func (x *exporter) Bundle(ctx context.Context, w io.Writer, campaign, id string, receivers []string) error {
	o := order{campaign: campaign, finding: id, profile: export.Share}
	if len(receivers) > 0 {
		to, err := seal.ParseReceivers(receivers...)
		if err != nil || len(to) == 0 {
			return errors.Join(finding.ErrReceivers, err)
		}
		o.profile, o.to = export.Prove, to
	}
	if x.app.cfg.Desk.UsersFile != "" {
		return x.export(ctx, w, o)
	}
	return x.audited(ctx, w, o, "desk without users")
}

// audited is export for those whom no door knows. What names people and is not written
// down does not leave.
func (x *exporter) audited(ctx context.Context, w io.Writer, o order, from string) error {
	var file bytes.Buffer
	if err := x.export(ctx, &file, o); err != nil {
		return err
	}
	if o.profile == export.Prove {
		err := audit.Append(AuditPath(x.app.cfg.DataDir), audit.Entry{
			Time: x.app.deps.Now(), Event: audit.BundleTaken, Campaign: o.campaign, Finding: o.finding, Address: from,
		})
		if err != nil {
			return err
		}
	}
	_, err := file.WriteTo(w)
	return err
}

func (x *exporter) export(ctx context.Context, w io.Writer, o order) error {
	if o.profile == export.Prove && len(o.to) == 0 {
		return ErrReceivers
	}
	d, err := x.read(ctx, o.campaign, o.finding, o.profile)
	if err != nil {
		return err
	}
	signer, err := x.signer()
	if err != nil {
		return err
	}
	about := x.app.aboutReports()
	told := bundle.Options{Zone: about.Zone, Language: about.Language, Version: about.Version, Demo: about.Demo, Signer: signer}
	if o.profile == export.Prove {
		if told.Records, err = records(ctx, x.kept, d); err != nil {
			return err
		}
	}
	var file bytes.Buffer
	if err := bundle.Write(&file, d, told); err != nil {
		return err
	}
	return deliver(w, file.Bytes(), o.to)
}

// deliver writes a bundle, encrypted if there are receivers.
func deliver(w io.Writer, file []byte, to seal.Receivers) error {
	if len(to) == 0 {
		_, err := w.Write(file)
		return err
	}
	in, err := to.Encrypt(w)
	if err != nil {
		return err
	}
	if _, err := in.Write(file); err != nil {
		return fmt.Errorf("encrypt a bundle: %w", err)
	}
	if err := in.Close(); err != nil {
		return fmt.Errorf("encrypt a bundle: %w", err)
	}
	return nil
}

// campaignOf finds the campaign of a finding.
func (x *exporter) campaignOf(ctx context.Context, id string) (string, error) {
	all, err := x.store.Campaigns(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if _, ok, err := x.store.Finding(ctx, c.Name, id); err != nil || ok {
			return c.Name, err
		}
	}
	return "", fmt.Errorf("export finding %.40q: %w", id, export.ErrNoFinding)
}

func (x *exporter) read(ctx context.Context, campaign, id string, profile export.Profile) (export.Dataset, error) {
	key, err := x.keys.Pseudonyms(campaign)
	if err != nil {
		return export.Dataset{}, err
	}
	method := map[string]string{"version of Winnow": x.app.deps.Version}
	for _, p := range coordination.Parameters() {
		method[p.Name] = p.Value
	}
	o := export.Options{Campaign: campaign, ID: id, Profile: profile, Hash: key.Hash, Method: method, Now: x.app.deps.Now()}
	if c, known := x.app.matcher.Lookup(campaign); known {
		o.Tags = c.Tags
	}
	return export.Read(ctx, x.store, o)
}

// signer is nil if no key was made.
func (x *exporter) signer() (*seal.Signer, error) {
	seed, err := x.keys.Signing()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // nobody signs
	}
	if err != nil {
		return nil, err
	}
	return seal.NewSigner(seed.Reveal())
}
