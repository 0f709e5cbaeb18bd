package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/coordination"
	"winnow/storage/query"
)

// stored is an open finding as it was last written.
type stored struct {
	ID, Fingerprint string
	From, To        time.Time
	Accounts        uint64
	Confidence      string
}

// ReplaceFindings makes fs the open findings of a campaign: new and changed
// ones are written, those that are missing are withdrawn but kept on record, or
// merged into the one that holds their accounts. What a finding rests on may be
// deleted once it did its work: then it stays as it was found. The hours whose
// posts change sides are marked. It returns how many were new or changed and how
// many are gone.
func (s *Store) ReplaceFindings(ctx context.Context, campaign string, fs []coordination.Finding) (changed, withdrawn int, err error) {
	rows, err := s.write.Query(ctx, findingsStoredSQL, query.Named("campaign", campaign))
	if err != nil {
		return 0, 0, fmt.Errorf("reading the stored findings: %w", err)
	}
	have, err := query.Collect(rows, "reading the stored findings", func(x *stored) []any {
		return []any{&x.ID, &x.Fingerprint, &x.From, &x.To, &x.Accounts, &x.Confidence}
	})
	if err != nil {
		return 0, 0, err
	}
	old := make(map[string]stored, len(have))
	for _, x := range have {
		old[x.ID] = x
	}
	var fresh []printed
	var doubtful []string // findings that are gone or have become smaller
	left := maps.Clone(old)
	for i := range fs {
		f := &fs[i]
		print, err := fingerprint(f)
		if err != nil {
			return 0, 0, err
		}
		was, known := old[f.ID]
		delete(left, f.ID)
		if known && was.Fingerprint == print {
			continue
		}
		if known && uint64(len(f.Accounts)) < was.Accounts {
			doubtful = append(doubtful, f.ID)
		}
		fresh = append(fresh, printed{f, print})
	}
	gone := slices.Sorted(maps.Keys(left))
	if len(fresh)+len(gone) == 0 {
		return 0, 0, nil
	}
	into, err := s.heirs(ctx, campaign, gone, fs)
	if err != nil {
		return 0, 0, err
	}
	horizon, err := s.horizon(ctx, campaign)
	if err != nil {
		return 0, 0, err
	}
	for _, id := range gone {
		if into[id] == "" && old[id].From.Before(horizon) {
			delete(into, id) // its posts are let go of, and it stays as it was found
			continue
		}
		if into[id] == "" && old[id].Confidence != string(coordination.ConfidenceEarly) {
			doubtful = append(doubtful, id)
		}
	}
	kept, err := s.deletedUnder(ctx, campaign, doubtful)
	if err != nil {
		return 0, 0, err
	}
	fresh = slices.DeleteFunc(fresh, func(f printed) bool { return kept[f.ID] })
	maps.DeleteFunc(into, func(id, _ string) bool { return kept[id] })
	if len(fresh)+len(into) == 0 {
		return 0, 0, nil
	}
	return len(fresh), len(into), s.swapFindings(ctx, campaign, old, fresh, into)
}

// deletedUnder says which findings rest on posts that were deleted.
func (s *Store) deletedUnder(ctx context.Context, campaign string, ids []string) (map[string]bool, error) {
	out := make(map[string]bool)
	if len(ids) == 0 {
		return out, nil
	}
	const what = "reading which findings rest on deleted posts"
	rows, err := s.write.Query(ctx, findingsDeletedSQL, query.Named("campaign", campaign), query.Named("ids", ids))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	found, err := query.Collect(rows, what, func(id *string) []any { return []any{id} })
	for _, id := range found {
		out[id] = true
	}
	return out, err
}

// swapFindings writes fresh findings and takes back those that are gone.
func (s *Store) swapFindings(ctx context.Context, campaign string, old map[string]stored, fresh []printed, gone map[string]string) error {
	var span timeSpan
	for _, f := range fresh {
		span.add(f.From, f.To)
		if was, known := old[f.ID]; known {
			span.add(was.From, was.To)
		}
	}
	ids := slices.Sorted(maps.Keys(gone))
	into := make([]string, len(ids))
	for i, id := range ids {
		into[i] = gone[id]
		span.add(old[id].From, old[id].To)
	}
	// The hours are marked on both sides of the change: a crash in between
	// must not leave a finding without its recomputation, and a
	// recomputation that ran before the change must run again.
	if err := s.markSpan(ctx, campaign, span); err != nil {
		return err
	}
	version := s.versions.next(s.now())
	if err := s.insertFindings(ctx, fresh, version); err != nil {
		return err
	}
	if len(ids) > 0 {
		if err := s.write.Exec(ctx, findingsWithdrawSQL, query.Named("campaign", campaign), query.Named("ids", ids), query.Named("into", into), query.Named("version", version)); err != nil {
			return fmt.Errorf("withdrawing findings: %w", err)
		}
	}
	return s.markSpan(ctx, campaign, span)
}

// heirs says of findings that are gone into which of the present ones each went:
// the one that holds most of its accounts, and more than half of them; "" if none
// does. Who quotes a finding can so be led to what became of it.
func (s *Store) heirs(ctx context.Context, campaign string, gone []string, fs []coordination.Finding) (map[string]string, error) {
	into := make(map[string]string, len(gone))
	if len(gone) == 0 {
		return into, nil
	}
	type member struct{ ID, Platform, Account string }
	rows, err := s.write.Query(ctx, findingMembersSQL, query.Named("campaign", campaign), query.Named("ids", gone))
	if err != nil {
		return nil, fmt.Errorf("reading the accounts of findings that are gone: %w", err)
	}
	members, err := query.Collect(rows, "reading the accounts of findings that are gone", func(m *member) []any {
		return []any{&m.ID, &m.Platform, &m.Account}
	})
	if err != nil {
		return nil, err
	}
	in := make(map[[2]string][]int)
	for i := range fs {
		for _, a := range fs[i].Accounts {
			key := [2]string{string(a.Platform), a.AccountID}
			in[key] = append(in[key], i)
		}
	}
	shared := make(map[string]map[int]int)
	size := make(map[string]int)
	for _, m := range members {
		size[m.ID]++
		for _, i := range in[[2]string{m.Platform, m.Account}] {
			if shared[m.ID] == nil {
				shared[m.ID] = make(map[int]int)
			}
			shared[m.ID][i]++
		}
	}
	for _, id := range gone {
		best, heir := 0, ""
		for i, n := range shared[id] {
			if 2*n > size[id] && (n > best || n == best && fs[i].ID < heir) {
				best, heir = n, fs[i].ID
			}
		}
		into[id] = heir
	}
	return into, nil
}

// Undecided lists the campaigns with open findings that time alone may confirm
// or take back.
func (s *Store) Undecided(ctx context.Context) ([]string, error) {
	rows, err := s.write.Query(ctx, findingsEarlySQL)
	if err != nil {
		return nil, fmt.Errorf("listing campaigns with early findings: %w", err)
	}
	return query.Collect(rows, "listing campaigns with early findings", func(name *string) []any { return []any{name} })
}

// printed is a finding with its fingerprint.
type printed struct {
	*coordination.Finding
	print string
}

// fingerprint is a hash of a finding with all of its evidence.
func fingerprint(f *coordination.Finding) (string, error) {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(f); err != nil {
		return "", fmt.Errorf("taking the fingerprint of finding %s: %w", f.ID, err)
	}
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}

// timeSpan is the smallest span that holds everything added to it.
type timeSpan struct{ from, to time.Time }

func (s *timeSpan) add(from, to time.Time) {
	if s.from.IsZero() || from.Before(s.from) {
		s.from = from
	}
	if to.After(s.to) {
		s.to = to
	}
}

func (s *Store) markSpan(ctx context.Context, campaign string, span timeSpan) error {
	err := s.write.Exec(ctx, marksSpanSQL, query.Named("campaign", campaign), query.Named("from", query.Milli(span.from)), query.Named("to", query.Milli(span.to)),
		query.Named("version", s.versions.next(s.now())))
	if err != nil {
		return fmt.Errorf("marking the hours of changed findings: %w", err)
	}
	return nil
}

func signals(all []coordination.Signal) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

// insertFindings writes the evidence first and the findings last: evidence
// rows count only under the version of their finding's row.
func (s *Store) insertFindings(ctx context.Context, fs []printed, version uint64) error {
	var accounts, objects, posts int
	for _, f := range fs {
		accounts += len(f.Accounts)
		objects += len(f.Objects)
		posts += len(f.Posts)
	}
	err := s.insert(ctx, "finding_accounts", accounts, func(b driver.Batch) error {
		for _, f := range fs {
			for _, a := range f.Accounts {
				if err := b.Append(f.Campaign, f.ID, string(a.Platform), a.AccountID, a.Bits, a.First, a.Last, uint64(a.Posts), signals(a.Signals), version); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.insert(ctx, "finding_objects", objects, func(b driver.Batch) error {
		for _, f := range fs {
			for _, o := range f.Objects {
				if err := b.Append(f.Campaign, f.ID, string(o.Object.Kind), o.Object.ID, o.Label, uint64(o.Accounts), o.First, o.Last, version); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = s.insert(ctx, "finding_posts", posts, func(b driver.Batch) error {
		for _, f := range fs {
			for _, p := range f.Posts {
				if err := b.Append(f.Campaign, f.ID, string(p.Platform), p.PostID, string(p.Object.Kind), p.Object.ID, p.AccountID, p.At, momentOrEpoch(p.DetectedAt), version); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := s.insertEvidence(ctx, fs, version); err != nil {
		return err
	}
	return s.insert(ctx, "findings", len(fs), func(b driver.Batch) error {
		for _, f := range fs {
			if err := b.Append(f.Campaign, f.ID, string(f.Kind), "open", "", f.Sentence, f.From, f.To, momentOrEpoch(f.DetectedAt), f.Bits, string(f.Confidence),
				f.Expected, f.Observed, f.Target, f.Declared, uint64(len(f.Accounts)), uint64(distinctPosts(f.Posts)), uint64(len(f.Objects)), f.print, version); err != nil {
				return err
			}
		}
		return nil
	})
}

// distinctPosts counts posts; one may be evidence through several objects.
func distinctPosts(ps []coordination.PostEvidence) int {
	seen := make(map[string]struct{}, len(ps))
	for _, p := range ps {
		seen[string(p.Platform)+"/"+p.PostID] = struct{}{}
	}
	return len(seen)
}
