package bundle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/report"
	"winnow/dashboards/export"
	"winnow/dashboards/export/seal"
)

// Options says how a bundle is told.
type Options struct {
	// Zone and Language are those of the report in it; nil and the zero value are UTC and
	// English. All else has UTC, and names in English.
	Zone     *time.Location
	Language catalogue.Language
	// Version is that of the program, Demo says that all posts are made up.
	Version string
	Demo    bool
	// Signer signs; nil for nobody.
	Signer *seal.Signer
	// Records are what was received, as package evidence keeps it, with what is needed to
	// check it. The profile share has none.
	Records []seal.File
}

// Write writes the bundle of a finding. The same dataset and options give the same bytes.
func Write(w io.Writer, d export.Dataset, o Options) error {
	files, err := contents(d, o)
	if err != nil {
		return fmt.Errorf("put a bundle together: %w", err)
	}
	if d.Profile == export.Prove {
		files = append(files, o.Records...)
	}
	all := append([]seal.File{{Path: "README.txt", What: "what this is, and how to check it", Data: readme(d, files, o.Signer)}}, files...)
	facts := []seal.Fact{
		{Name: "finding", Value: d.Finding.ID},
		{Name: "campaign", Value: d.Campaign},
		{Name: "profile", Value: string(d.Profile)},
		{Name: "winnow", Value: o.Version},
	}
	if o.Demo {
		facts = append(facts, seal.Fact{Name: "demonstration", Value: "all posts and accounts are made up"})
	}
	return seal.Pack(w, facts, all, o.Signer)
}

// contents are the files that tell the finding.
func contents(d export.Dataset, o Options) ([]seal.File, error) {
	var files []seal.File
	add := func(path, what string, write func(w io.Writer) error) error {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		files = append(files, seal.File{Path: path, What: what, Data: b.Bytes()})
		return nil
	}
	err := add("report.html", "the finding to read, with the method and its limits", func(w io.Writer) error {
		detail, edges := told(d)
		return report.WriteFinding(w, detail, edges, report.Options{
			Campaign: d.Campaign, Identities: d.Profile == export.Prove, Demo: o.Demo, Version: o.Version, Zone: o.Zone, Language: o.Language,
		})
	})
	if err != nil {
		return nil, err
	}
	for _, f := range formats(o) {
		if err := add(f.path, f.what, func(w io.Writer) error { return f.write(w, &d) }); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// writeJSON writes what a person reads as well.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
