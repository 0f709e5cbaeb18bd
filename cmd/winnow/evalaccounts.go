package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"winnow/pipeline/coordination"
	"winnow/pipeline/evaluate"
)

// accountsFile is the table of --accounts while it is written: a temporary file
// beside its place, which only its owner can read since it names accounts.
type accountsFile struct {
	path   string
	labels *evaluate.Labels // may be nil
	f      *os.File         // nil when it is in its place
}

func newAccountsFile(path string, labels *evaluate.Labels) (*accountsFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return nil, fmt.Errorf("making the table of accounts: %w", err)
	}
	return &accountsFile{path: path, labels: labels, f: f}, nil
}

// discard removes what is not in its place.
func (a *accountsFile) discard() error {
	if a.f == nil {
		return nil
	}
	_ = a.f.Close()
	if err := os.Remove(a.f.Name()); err != nil {
		return fmt.Errorf("removing the table of accounts: %w", err)
	}
	return nil
}

// flaggedAccount is a row: one account in one campaign.
type flaggedAccount struct {
	platform, id, campaign string
	findings               []flaggedBy
}

type flaggedBy struct {
	finding string
	bits    float64 // what the account adds to it
}

// flaggedAccounts lists the accounts of all findings that were not declared,
// each once for its campaign, those with the strongest evidence first.
func flaggedAccounts(findings []coordination.Finding) []*flaggedAccount {
	type key struct{ platform, id, campaign string }
	rows := make(map[key]*flaggedAccount)
	var out []*flaggedAccount
	for i := range findings {
		f := &findings[i]
		if f.Declared != "" {
			continue
		}
		for j := range f.Accounts {
			a := &f.Accounts[j]
			k := key{string(a.Platform), a.AccountID, f.Campaign}
			if rows[k] == nil {
				rows[k] = &flaggedAccount{platform: k.platform, id: k.id, campaign: k.campaign}
				out = append(out, rows[k])
			}
			rows[k].findings = append(rows[k].findings, flaggedBy{f.ID, a.Bits})
		}
	}
	for _, row := range out {
		slices.SortFunc(row.findings, func(a, b flaggedBy) int {
			return cmp.Or(cmp.Compare(b.bits, a.bits), strings.Compare(a.finding, b.finding))
		})
	}
	slices.SortFunc(out, func(a, b *flaggedAccount) int {
		return cmp.Or(cmp.Compare(b.findings[0].bits, a.findings[0].bits), strings.Compare(a.id, b.id),
			strings.Compare(a.platform, b.platform), strings.Compare(a.campaign, b.campaign))
	})
	return out
}

// write fills the table and puts it in its place.
func (a *accountsFile) write(findings []coordination.Finding) error {
	if err := a.fill(csv.NewWriter(a.f), findings); err != nil {
		return fmt.Errorf("writing the table of accounts: %w", err)
	}
	if err := a.f.Sync(); err != nil {
		return fmt.Errorf("writing the table of accounts: %w", err)
	}
	if err := a.f.Close(); err != nil {
		return fmt.Errorf("writing the table of accounts: %w", err)
	}
	if err := os.Rename(a.f.Name(), a.path); err != nil {
		return fmt.Errorf("putting the table of accounts in its place: %w", err)
	}
	a.f = nil
	return nil
}

func (a *accountsFile) fill(w *csv.Writer, findings []coordination.Finding) error {
	header := []string{"account_id", "platform", "campaign", "findings", "bits"}
	if a.labels != nil {
		header = append(header, "label", "attack")
	}
	if err := w.Write(header); err != nil {
		return err
	}
	for _, row := range flaggedAccounts(findings) {
		var ids []string
		for _, f := range row.findings {
			ids = append(ids, f.finding)
		}
		fields := []string{
			row.id, row.platform, row.campaign, strings.Join(ids, " "),
			strconv.FormatFloat(row.findings[0].bits, 'f', 1, 64),
		}
		if a.labels != nil {
			label, attack := "", ""
			if n, attacks, ok := a.labels.Of(row.id); ok {
				label, attack = strconv.Itoa(n), strings.Join(attacks, " ")
			}
			fields = append(fields, label, attack)
		}
		if err := w.Write(fields); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
