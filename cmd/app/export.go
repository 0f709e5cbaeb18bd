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
	return r.exporter.audited(ctx, w, ask, audit.CommandLine)
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
	return a.newExporter(s, kept).audited(ctx, w, ask, audit.CommandLine)
}

// Bundle is Export for the desk, which writes down itself who asked.
func (x *exporter) Bundle(ctx context.Context, w io.Writer, campaign, id string, receivers []string) error {
	ask := control.Exporting{Campaign: campaign, Finding: id, Profile: string(export.Share), Receivers: receivers}
	if len(receivers) > 0 {
		ask.Profile = string(export.Prove)
		if to, err := seal.ParseReceivers(receivers...); err != nil || len(to) == 0 {
			return errors.Join(finding.ErrReceivers, err)
		}
	}
	if x.app.cfg.Desk.UsersFile != "" || len(receivers) == 0 {
		return x.export(ctx, w, ask)
	}
	// Without users the desk has no audit log, and whoever reaches it may do everything.
	return x.audited(ctx, w, ask, "desk without users")
}

// audited is export for those whom no door knows, such as commands.
func (x *exporter) audited(ctx context.Context, w io.Writer, ask control.Exporting, from string) error {
	var file bytes.Buffer
	if err := x.export(ctx, &file, ask); err != nil {
		return err
	}
	if export.Profile(ask.Profile) == export.Prove {
		// What is not written down does not leave.
		err := audit.Append(AuditPath(x.app.cfg.DataDir), audit.Entry{
			Time: x.app.deps.Now(), Event: audit.BundleTaken, Campaign: ask.Campaign, Finding: ask.Finding, Address: from,
		})
		if err != nil {
			return err
		}
	}
	_, err := file.WriteTo(w)
	return err
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

func (x *exporter) export(ctx context.Context, w io.Writer, ask control.Exporting) error {
	profile := export.Profile(ask.Profile)
	to, err := seal.ParseReceivers(ask.Receivers...)
	if err != nil {
		return err
	}
	if profile == export.Prove && len(to) == 0 {
		return ErrReceivers
	}
	campaign, err := x.campaignOf(ctx, ask)
	if err != nil {
		return err
	}
	d, err := x.read(ctx, campaign, ask.Finding, profile)
	if err != nil {
		return err
	}
	signer, err := x.signer()
	if err != nil {
		return err
	}
	about := x.app.aboutReports()
	o := bundle.Options{Zone: about.Zone, Language: about.Language, Version: about.Version, Demo: about.Demo, Signer: signer}
	if profile == export.Prove {
		if o.Records, err = records(ctx, x.kept, d); err != nil {
			return err
		}
	}
	var file bytes.Buffer
	if err := bundle.Write(&file, d, o); err != nil {
		return err
	}
	return deliver(w, file.Bytes(), to)
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

// campaignOf finds the campaign of a finding where it is not told.
func (x *exporter) campaignOf(ctx context.Context, ask control.Exporting) (string, error) {
	if ask.Campaign != "" {
		return ask.Campaign, nil
	}
	all, err := x.store.Campaigns(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range all {
		if _, ok, err := x.store.Finding(ctx, c.Name, ask.Finding); err != nil || ok {
			return c.Name, err
		}
	}
	return "", fmt.Errorf("export finding %.40q: %w", ask.Finding, export.ErrNoFinding)
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
