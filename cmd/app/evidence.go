package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"winnow/cmd/config"
	"winnow/dashboards/desk/coverage"
	"winnow/dashboards/export"
	"winnow/dashboards/export/seal"
	"winnow/pipeline"
	"winnow/pipeline/campaign"
	"winnow/storage"
	"winnow/storage/evidence"
	"winnow/storage/evidence/content"
)

// EvidenceDir is where what was received is kept.
func EvidenceDir(dataDir string) string { return filepath.Join(dataDir, "evidence") }

// openEvidence opens what was received; nil if no campaign keeps it and none did.
func (a *App) openEvidence() (*evidence.Store, error) {
	dir := EvidenceDir(a.cfg.DataDir)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && !campaign.AnyEvidence(a.matcher.Campaigns()) {
		return nil, nil //nolint:nilnil // nothing is kept
	}
	return evidence.Open(dir, evidence.Options{Now: a.deps.Now, Log: a.deps.Log, Metrics: a.metrics})
}

// keeping is the stage that keeps what was received.
func (a *App) keeping(kept *evidence.Store, s *storage.Store) *pipeline.Evidence {
	return pipeline.NewEvidence(pipeline.EvidenceOptions{Store: kept, Campaigns: a.matcher, Gone: s, KeepDeleted: a.cfg.Evidence.Deleted == config.KeepDeleted, Log: a.deps.Log, Now: a.deps.Now})
}

// heads tells what is kept, for the desk.
func heads(kept *evidence.Store) []coverage.Kept {
	if kept == nil {
		return nil
	}
	var all []coverage.Kept
	for _, name := range kept.Campaigns() {
		h, err := kept.Head(name)
		if err != nil {
			continue // removed meanwhile
		}
		all = append(all, coverage.Kept{Campaign: h.Campaign, Head: h.String(), Records: h.Records, At: h.At})
	}
	return all
}

// keptRecords are what was received, for forgetting.
type keptRecords struct{ kept *evidence.Store }

// EraseRecords hands out with the bytes of a record the other words in it that others
// chose: its post's id and what was asked for.
func (k keptRecords) EraseRecords(ctx context.Context, match func(campaign, platform, account string, raw []byte) bool) (int, error) {
	return k.kept.Erase(ctx, func(campaign string, r content.Record) bool {
		return match(campaign, r.Platform, r.AccountID, slices.Concat([]byte(r.PostID+"\n"+r.NativeID+"\n"+r.Query+"\n"), r.Raw))
	})
}

// EraseCampaign removes the evidence of a campaign, the chain too.
func (k keptRecords) EraseCampaign(campaign string) error {
	err := k.kept.Remove(campaign)
	if errors.Is(err, evidence.ErrNone) {
		return nil
	}
	return err
}

// records are what was received of a finding's posts, with the chain that commits to
// them.
func records(ctx context.Context, kept *evidence.Store, d export.Dataset) ([]seal.File, error) {
	if kept == nil {
		return nil, nil
	}
	search := evidence.Search{Posts: make(map[string]bool, len(d.Posts))}
	for i := range d.Posts {
		p := &d.Posts[i]
		search.Posts[p.ID] = true
		if search.Since.IsZero() || p.At.Before(search.Since) {
			search.Since = p.At
		}
	}
	// Whose clock was wrong, ours or the platform's, is not known.
	search.Since = search.Since.Add(-time.Hour)
	var cited []uint64
	err := kept.Find(ctx, d.Campaign, search, func(e evidence.Entry) error {
		cited = append(cited, e.Number)
		return nil
	})
	if errors.Is(err, evidence.ErrNone) || err == nil && len(cited) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var files []seal.File
	err = kept.Excerpt(ctx, d.Campaign, evidence.Excerpt{Records: cited, Content: true}, func(path string, data []byte) error {
		files = append(files, seal.File{Path: "evidence/" + path, What: whatOf(path), Data: data})
		return nil
	})
	return files, err
}

// whatOf says what a file of an excerpt is.
func whatOf(path string) string {
	switch {
	case filepath.Ext(path) == ".chain":
		return "a segment of the chain: a line for each record, in the order in which they came"
	case path == "heads":
		return "the heads of the chain's segments"
	case path == "campaign":
		return "whose chain it is"
	case filepath.Dir(path) == "witness":
		return "whom the head was shown, and what they answered"
	}
	return "a post as it was received, behind its salt; its SHA-256 stands in the chain"
}
