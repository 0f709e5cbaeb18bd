package finding

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"winnow/dashboards/desk/access/audit"
	"winnow/dashboards/desk/catalogue"
	"winnow/dashboards/desk/frame"
)

// BundlePath is where the bundle of a finding is.
const BundlePath = Path + "/bundle"

// ErrReceivers says that something that is no public key was given for one.
var ErrReceivers = errors.New("this is no public key")

// Bundler makes bundles.
type Bundler interface {
	// Bundle writes one finding with its evidence as one file, or nothing. Without
	// receivers it names nobody; else it names everybody and is encrypted to those whose
	// public keys they are. The error is ErrReceivers if one is none.
	Bundle(ctx context.Context, w io.Writer, campaign, id string, receivers []string) error
}

// SendBundle sends the bundle of a finding. With to=KEY it names accounts and quotes
// posts, encrypted to that key, which is for those who may take lists out, and is written
// down.
func (p *Pages) SendBundle(w http.ResponseWriter, r *http.Request) {
	var to []string
	for key := range strings.FieldsFuncSeq(r.URL.Query().Get("to"), func(c rune) bool { return c == '\n' || c == '\r' || c == ',' }) {
		to = append(to, strings.TrimSpace(key))
	}
	if len(to) > 0 && !p.mayTakeOut(w, r, frame.Problem{
		Heading: catalogue.Mark("You may not take names out"),
		What:    catalogue.Mark("Bundles that name accounts are for analysts and admins."),
		Next:    catalogue.Mark("Take the bundle that names nobody: it tells the same numbers."),
	}) {
		return
	}
	detail, ok := p.asked(w, r, "read a finding for its bundle")
	if !ok {
		return
	}
	var file bytes.Buffer
	err := p.o.Bundler.Bundle(r.Context(), &file, detail.Campaign, detail.ID, to)
	if errors.Is(err, ErrReceivers) {
		p.o.Frame.Refuse(w, r, http.StatusBadRequest, frame.Problem{
			Heading: catalogue.Mark("The bundle was not made"),
			What:    catalogue.Mark("What was given is no public key of a receiver. One begins with age1 or with ssh-ed25519."),
			Next:    catalogue.Mark("Whoever shall open it makes a key with age-keygen, and sends you the line that begins with age1."),
		})
		return
	}
	if err != nil {
		p.o.Frame.Fail(w, r, "make a bundle", err)
		return
	}
	if len(to) > 0 && !p.writtenDown(w, r, audit.Entry{Event: audit.BundleTaken, Campaign: detail.Campaign, Finding: detail.ID}, frame.Problem{
		Heading: catalogue.Mark("The bundle was not made"),
		What:    catalogue.Mark("Winnow cannot write its audit log, and lets no names out without. Its own log says why."),
		Next:    catalogue.Mark("Once that works again, ask for the bundle again."),
	}) {
		return
	}
	// What names nobody does not have the finding's id in its name either: that can be
	// tried for whom it is about.
	kind, name := "application/zip", listName("bundle", p.o.Now(), "zip")
	if len(to) > 0 {
		kind, name = "application/octet-stream", listName(detail.ID, p.o.Now(), "zip.age")
	}
	sendFile(w, kind, name, &file)
}
