package bundle_test

import (
	"bytes"
	"strings"
	"testing"

	"winnow/dashboards/export"
	"winnow/dashboards/export/bundle"
	"winnow/dashboards/export/exporttest"
	"winnow/dashboards/export/seal"
)

func write(t *testing.T, d export.Dataset, o bundle.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := bundle.Write(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same finding gives the same bytes, signed or not, every file is listed for who
// opens the bundle, and what was received goes along with names only.
func TestBundle(t *testing.T) {
	signer, err := seal.NewSigner(bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	record := []seal.File{{Path: "evidence/records/17.txt", What: "a post as it was received", Data: []byte("salt\nrecord\n")}}
	for _, profile := range []export.Profile{export.Share, export.Prove} {
		for _, signer := range []*seal.Signer{nil, signer} {
			d := exporttest.Dataset()
			d.Profile = profile
			o := bundle.Options{Version: "v1", Signer: signer, Records: record}
			first := write(t, d, o)
			if !bytes.Equal(first, write(t, d, o)) {
				t.Errorf("%s: other bytes the second time", profile)
			}
			r, err := seal.Verify(first)
			if err != nil || !r.OK() || r.Signed != (signer != nil) {
				t.Fatalf("%s: %v, %+v", profile, err, r)
			}
			readme := string(r.Files["README.txt"])
			for _, e := range r.Manifest.Files[1:] {
				if !strings.Contains(readme, "  "+e.Path+" ") || e.What == "" {
					t.Errorf("%s: the README does not list %s (%q)", profile, e.Path, e.What)
				}
			}
			proves := profile == export.Prove
			if _, there := r.Files[record[0].Path]; there != proves {
				t.Errorf("%s: what was received is in it: %v", profile, there)
			}
			if strings.Contains(readme, "THIS NAMES PEOPLE") != proves || strings.Contains(readme, "It is not signed") != (signer == nil) {
				t.Errorf("%s: the README says something else:\n%s", profile, readme)
			}
			if got := r.Manifest.Fact("profile"); got != string(profile) {
				t.Errorf("the manifest tells the profile %q", got)
			}
		}
	}
}

func TestBundleSaysWhatIsMadeUp(t *testing.T) {
	r, err := seal.Verify(write(t, exporttest.Dataset(), bundle.Options{Demo: true}))
	if err != nil || r.Manifest.Fact("demonstration") == "" || !strings.Contains(string(r.Files["report.html"]), "Demonstration.") {
		t.Errorf("%v: a demonstration passes for a finding", err)
	}
}
