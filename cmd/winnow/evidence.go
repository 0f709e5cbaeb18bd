package main

import (
	"bufio"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/storage/evidence"
	"winnow/storage/evidence/chain"
	"winnow/storage/evidence/witness"
)

type evidenceCmd struct {
	List   evidenceListCmd   `cmd:"" help:"Print of which campaigns there is evidence, and how much."`
	Head   evidenceHeadCmd   `cmd:"" help:"Print the heads: whoever has one can tell later whether anything was changed."`
	Verify evidenceVerifyCmd `cmd:"" help:"Check every record, and the chain, also against earlier heads."`
}

// Help is shown below the flags.
func (evidenceCmd) Help() string {
	return `For campaigns that ask for it, each post is kept as it was received, with when it
came, from where and by which query. These records are chained, so that whoever
holds a head can tell whether anything before it was changed since.

These commands only read, need no engine, and may run while Winnow does.`
}

// heads reads those of a folder, or of one campaign in it.
func (e *env) heads(dir, campaign string) ([]evidence.Head, error) {
	if dir == "" {
		dir = app.EvidenceDir(e.cfg.DataDir)
	}
	heads, err := evidence.Heads(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if campaign != "" {
		for _, h := range heads {
			if h.Campaign == campaign {
				return []evidence.Head{h}, nil
			}
		}
		return nil, fmt.Errorf("there is no evidence of a campaign %.80q; winnow evidence list prints of which there is", campaign)
	}
	if len(heads) == 0 {
		fmt.Fprintf(e.stderr, "There is no evidence in %s.\n", dir)
	}
	return heads, nil
}

type evidenceListCmd struct {
	Dir string `placeholder:"DIR" help:"Another folder of evidence, or data directory."`
}

// Run prints what there is.
func (c evidenceListCmd) Run(e *env) error {
	heads, err := e.heads(c.Dir, "")
	if err != nil {
		return err
	}
	for _, h := range heads {
		newest := "none received yet"
		if !h.At.IsZero() {
			newest = "the last received " + h.At.Format(time.RFC3339)
		}
		fmt.Fprintf(e.stdout, "%-32q %s records, %s, in %s\n", h.Campaign, count(h.Records), newest, evidence.Folder(h.Campaign))
	}
	return nil
}

type evidenceHeadCmd struct {
	Campaign string `arg:"" optional:"" help:"One campaign instead of all, by its name."`
	Dir      string `placeholder:"DIR" help:"Another folder of evidence, or data directory."`
}

// Help is shown below the flags.
func (evidenceHeadCmd) Help() string {
	return `Prints a line for each chain: HASH@RECORDS, when its last record was received, and
the campaign. Keep it where nobody who can write to the data directory can change
it, or give it to somebody: a chain without a witness proves nothing against its
owner. A head says nothing of any post.

  winnow evidence head > heads-2031-07-04.txt
  winnow evidence verify --head heads-2031-07-04.txt`
}

// Run prints the heads.
func (c evidenceHeadCmd) Run(e *env) error {
	heads, err := e.heads(c.Dir, c.Campaign)
	if err != nil {
		return err
	}
	for _, h := range heads {
		fmt.Fprintf(e.stdout, "%s %s %q\n", h.Head, chain.FormatTime(h.At), h.Campaign)
	}
	return nil
}

type evidenceVerifyCmd struct {
	What     string   `arg:"" optional:"" help:"A bundle (finding.zip) instead of what this data directory keeps; or one campaign, by its name."`
	Dir      string   `placeholder:"DIR" help:"Another folder of evidence, or data directory, or the evidence in a bundle that was unpacked."`
	Head     []string `sep:"none" placeholder:"HEAD" help:"An earlier head, HASH@RECORDS, or a file with what \"winnow evidence head\" printed. May be given several times."`
	Roots    string   `type:"existingfile" placeholder:"FILE" help:"Certificates (PEM) of the authorities whose time stamps are believed. Without it a stamp by anybody is."`
	Excerpt  bool     `help:"It is an excerpt, as in a bundle: what is left out is no fault."`
	Key      string   `placeholder:"KEY" help:"The public key that the bundle should be signed with: ssh-ed25519 ..."`
	Identity string   `type:"existingfile" placeholder:"FILE" help:"The file with your key, of age or OpenSSH, for a bundle that is encrypted to you."`
}

// campaign is the one that is asked for; empty for all.
func (c evidenceVerifyCmd) campaign() string {
	if isFile(c.What) {
		return ""
	}
	return c.What
}

// Help is shown below the flags.
func (evidenceVerifyCmd) Help() string {
	return `Reads every record and every line of the chains, and prints a line for each fault:
what was changed, dropped, added or put in another order, and in which file. Content
that was erased is no fault; it is counted. The exit code is 1 if there is a fault.

Of a bundle it looks at every byte, its signature, and the chain in it. It needs
nothing but the file.

Whoever can write to the folder can write a whole chain anew, so that nothing in it
is wrong. With --head that is found, and that the end of a chain was cut off. Heads
that witnesses were shown are looked for as well.

  winnow evidence verify
  winnow evidence verify finding.zip --key "ssh-ed25519 AAAA..."
  winnow evidence verify "Open Games" --head 5f0c...e1@12000
  winnow evidence verify --dir /media/copy/evidence --head heads.txt

docs/evidence.md tells how to check the same without Winnow.`
}

// Run checks, and prints what it checked and found.
func (c evidenceVerifyCmd) Run(e *env) error {
	m := newMeter(e.stderr, e.deps().Now)
	o := evidence.VerifyOptions{Campaign: c.campaign(), Partial: c.Excerpt, Progress: func(campaign string, done, of int) {
		m.show("%s: %s of %s segments", campaign, count(done), count(of))
	}}
	for _, text := range c.Head {
		heads, err := c.earlier(text)
		if err != nil {
			return err
		}
		o.Heads = append(o.Heads, heads...)
	}
	roots, err := c.roots()
	if err != nil {
		return err
	}
	var stamps []string
	o.Answer = func(means string, answer []byte, h chain.Head) error {
		if means != witness.Stamped {
			return nil
		}
		stamp, err := witness.Check(answer, h, roots)
		if err == nil {
			stamps = append(stamps, fmt.Sprintf("stamped: %s at %s by %s", h, stamp.Time.Format(time.RFC3339), stamp.By))
		}
		return err
	}
	if isFile(c.What) {
		return bundleCheck{path: c.What, identity: c.Identity, key: c.Key, options: o}.run(e, &stamps)
	}
	dir := c.Dir
	if dir == "" {
		dir = app.EvidenceDir(e.cfg.DataDir)
		client, err := control.Dial(e.cfg.DataDir)
		if err != nil {
			return err
		}
		o.Live = client.Answers(e.ctx)
	}
	r, err := evidence.VerifyDir(e.ctx, dir, o)
	m.clear()
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, evidence.ErrNone) {
		return fmt.Errorf("nothing was checked: there is no evidence in %s%s", dir, of(c.campaign()))
	}
	if err != nil {
		return err
	}
	return c.report(e, r, stamps)
}

// roots reads whose time stamps are believed; nil for anybody's.
func (c evidenceVerifyCmd) roots() (*x509.CertPool, error) {
	if c.Roots == "" {
		return nil, nil //nolint:nilnil // as x509 has it
	}
	text, err := os.ReadFile(c.Roots)
	if err != nil {
		return nil, fmt.Errorf("--roots: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("--roots: there is no certificate in %s; it begins with -----BEGIN CERTIFICATE-----", c.Roots)
	}
	return roots, nil
}

func of(campaign string) string {
	if campaign == "" {
		return ""
	}
	return fmt.Sprintf(" of %.80q", campaign)
}

// earlier reads an earlier head, or a file of them.
func (c evidenceVerifyCmd) earlier(text string) ([]evidence.Earlier, error) {
	if h, err := chain.ParseHead(text); err == nil {
		return []evidence.Earlier{{Campaign: c.campaign(), Head: h}}, nil
	}
	f, err := os.Open(text)
	if err != nil {
		return nil, fmt.Errorf("--head %.160q is no head, HASH@RECORDS, and no file: %w", text, err)
	}
	defer f.Close()
	var heads []evidence.Earlier
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		h, err := parseEarlier(line)
		if err != nil {
			return nil, fmt.Errorf("--head: %s: line %d: %w", text, n, err)
		}
		if want := c.campaign(); want == "" || h.Campaign == "" || h.Campaign == want {
			heads = append(heads, h)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("--head: %s: %w", text, err)
	}
	if len(heads) == 0 {
		return nil, fmt.Errorf("--head: %s: there is no head in it%s", text, of(c.campaign()))
	}
	return heads, nil
}

// parseEarlier reads a line that evidence head printed, or a head alone.
func parseEarlier(line string) (evidence.Earlier, error) {
	text, rest, _ := strings.Cut(line, " ")
	h, err := chain.ParseHead(text)
	if err != nil {
		return evidence.Earlier{}, err
	}
	_, quoted, ok := strings.Cut(rest, " ")
	if !ok {
		return evidence.Earlier{Head: h}, nil
	}
	campaign, err := strconv.Unquote(quoted)
	if err != nil {
		return evidence.Earlier{}, errors.New("the campaign stands in quotes at the end of a line")
	}
	return evidence.Earlier{Campaign: campaign, Head: h}, nil
}

// report prints what was checked, and each fault.
func (evidenceVerifyCmd) report(e *env, r evidence.Report, stamps []string) error {
	printChecked(e.stdout, r, stamps)
	all := r.All()
	for _, f := range all {
		fmt.Fprintln(e.stdout, "fault:", f)
	}
	if len(all) == 0 {
		return nil
	}
	return fmt.Errorf("%s fault(s): this is not what Winnow wrote. Keep these files as they are, and compare them with a backup or with what you handed on", count(len(all)))
}

// printChecked prints what was checked.
func printChecked(w io.Writer, r evidence.Report, stamps []string) {
	for _, k := range r.Campaigns {
		what := fmt.Sprintf("%q: %s records in %s of %s segments: %s as they were received", k.Campaign, count(k.Records), count(k.Segments), count(k.Of), count(k.Present))
		for _, part := range []struct {
			n    uint64
			text string
		}{{k.Erased, "erased"}, {k.Absent, "not here"}, {k.Pending, "not chained yet"}} {
			if part.n > 0 {
				what += fmt.Sprintf(", %s %s", count(part.n), part.text)
			}
		}
		fmt.Fprintln(w, what)
		fmt.Fprintf(w, "  the head is %s; %s earlier heads are in the chain, witnesses were shown %s\n", k.Head, count(k.Confirmed), count(k.Notices))
		if k.Confirmed == 0 && len(k.Faults) == 0 {
			fmt.Fprintln(w, "  no earlier head was given: a chain that was written anew as a whole looks the same")
		}
	}
	for _, s := range stamps {
		fmt.Fprintln(w, s)
	}
}
