package crashtest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"winnow/cmd/app"
	"winnow/storage/evidence"
)

// kept are the records of evidence that a life left, each once: what a source sent again
// after a crash may be there again. It is an error if the chain is not sound.
func (l *life) kept(ctx context.Context) ([]string, error) {
	dir := app.EvidenceDir(l.Dir)
	report, err := evidence.VerifyDir(ctx, dir, evidence.VerifyOptions{})
	if err != nil {
		return nil, err
	}
	if faults := report.All(); len(faults) > 0 {
		return nil, fmt.Errorf("%d faults in the evidence, the first: %s", len(faults), faults[0])
	}
	s, err := evidence.Open(dir, evidence.Options{})
	if err != nil {
		return nil, err
	}
	defer s.Close() //nolint:errcheck // it was only read
	gone := newStream(l.Seed).deleted()
	lines := map[string]bool{}
	for _, name := range s.Campaigns() {
		err := s.Each(ctx, name, 1, func(e evidence.Entry) error {
			if !e.Item.Present() {
				return nil
			}
			r, err := e.Record()
			if err == nil && !gone[r.PostID] && !gone[r.NativeID] {
				lines[fmt.Sprintf("%s %s %s %s", name, r.Source, r.PostID, r.Raw)] = true
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(lines)), nil
}
