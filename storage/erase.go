package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"winnow/pipeline/post"
	"winnow/storage/query"
)

// ErrEraseCluster says that nothing can be erased from a cluster.
var ErrEraseCluster = errors.New("erasing does not work with store.cluster: delete the rows on the cluster's own tables, on all of its replicas")

// ErrManyAccounts says that several accounts were seen under a handle.
var ErrManyAccounts = errors.New("several accounts were seen under that handle: name one by its id")

// Erasing says what to erase: an account, or a campaign.
type Erasing struct {
	// Person is who; without a platform it is nobody.
	Person Person
	// Campaign is its name; empty for none.
	Campaign string
	// Progress is told how many steps of how many are done; may be nil.
	Progress func(done, of int)
}

// Traces is how much there is of what is to be erased.
type Traces struct {
	// Posts are theirs, or the campaign's; Naming are posts of others that name the
	// account or pass its posts on.
	Posts  uint64 `json:"posts"`
	Naming uint64 `json:"naming,omitzero"`
	// Findings hold the account or are directed at it, or are the campaign's.
	Findings uint64 `json:"findings"`
	// Campaigns are those that lose posts, or of whose posts something is taken out.
	Campaigns []string `json:"campaigns,omitempty"`
	// Notes are notes of verdicts that spell a name of the account out. They stay: they
	// are the operator's.
	Notes uint64 `json:"notes,omitzero"`
	// Known is false if there is nothing at all of a campaign.
	Known bool `json:"known,omitzero"`
}

// Identify finds all names of an account by its id or, if that is empty, its handle. The
// names that it was asked by are among them, whether it was ever seen or not.
func (s *Store) Identify(ctx context.Context, platform post.Platform, id, handle string) (Person, error) {
	p := Person{Platform: platform, ID: id}
	if handle = post.HandleKey(handle); handle != "" {
		p.Handles = append(p.Handles, handle)
	}
	if id == "" {
		seen, err := s.namesOf(ctx, platform, "", handle)
		if err != nil {
			return p, err
		}
		var ids []string
		for _, n := range seen {
			if n.id != "" && !slices.Contains(ids, n.id) {
				ids = append(ids, n.id)
			}
		}
		switch len(ids) {
		case 0:
			return p, nil
		case 1:
			p.ID = ids[0]
		default:
			return p, fmt.Errorf("%w: %s", ErrManyAccounts, strings.Join(ids, ", "))
		}
	}
	seen, err := s.namesOf(ctx, platform, p.ID, "")
	for _, n := range seen {
		if n.handle != "" && !slices.Contains(p.Handles, n.handle) {
			p.Handles = append(p.Handles, n.handle)
		}
	}
	return p, err
}

// names are an account's id and a handle of it.
type names struct{ id, handle string }

func (s *Store) namesOf(ctx context.Context, platform post.Platform, id, handle string) ([]names, error) {
	const what = "reading the names of an account"
	rows, err := s.write.Query(ctx, forgetIdentifySQL, query.Named("platform", string(platform)), query.Named("id", id), query.Named("handle", handle))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return query.Collect(rows, what, func(n *names) []any { return []any{&n.id, &n.handle} })
}

// Traces counts what Erase would erase.
func (s *Store) Traces(ctx context.Context, o Erasing) (t Traces, err error) {
	err = s.forgetting(ctx, o, func(ctx context.Context) error {
		t, err = s.count(ctx, o)
		return err
	})
	return t, err
}

// Erase takes an account, or a campaign, out of all tables and of the engine's files: when
// it returns nil, no file of the store has it any more. It marks the hours whose numbers
// change; findings and buckets are settled by whoever settles. Nobody may write meanwhile.
// Cut off, it is to be called again with the same names.
func (s *Store) Erase(ctx context.Context, o Erasing) (t Traces, err error) {
	err = s.forgetting(ctx, o, func(ctx context.Context) error {
		if t, err = s.count(ctx, o); err != nil {
			return err
		}
		return s.shredding(ctx, func(ctx context.Context) error { return s.erase(ctx, o) })
	})
	return t, err
}

// forgetting has what is to be erased in the table "forgotten" while f runs.
func (s *Store) forgetting(ctx context.Context, o Erasing, f func(context.Context) error) (err error) {
	if s.clustered {
		return ErrEraseCluster
	}
	s.erasing.Lock()
	defer s.erasing.Unlock()
	return s.withForgotten(ctx, func(ctx context.Context) error {
		if err := s.note(ctx, o); err != nil {
			return err
		}
		return f(ctx)
	})
}

func (s *Store) withForgotten(ctx context.Context, f func(context.Context) error) (err error) {
	drop := func(ctx context.Context) error { return s.run(ctx, forgetDropSQL) }
	if err := errors.Join(drop(ctx), s.run(ctx, forgetMakeSQL)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	return f(ctx)
}

// run executes statements that have no places for values.
func (s *Store) run(ctx context.Context, statements ...string) error {
	for _, sql := range statements {
		if err := s.write.Exec(ctx, sql); err != nil {
			return fmt.Errorf("erasing: %w", err)
		}
	}
	return nil
}

// forgottenRow is a row of the table "forgotten".
type forgottenRow struct{ what, platform, value string }

// note fills the table "forgotten".
func (s *Store) note(ctx context.Context, o Erasing) error {
	var rows []forgottenRow
	add := func(what, platform string, values ...string) {
		for _, v := range values {
			if v != "" {
				rows = append(rows, forgottenRow{what, platform, v})
			}
		}
	}
	follow := []string{forgetCampaignAccountsSQL, forgetCampaignPostsSQL}
	if p := o.Person; p.Platform != "" {
		place := string(p.Platform)
		add("account", place, p.ID)
		add("handle", place, p.Handles...)
		add("prefix", place, post.Prefixes(p.Platform, p.ID, "")...)
		for _, h := range p.Handles {
			add("prefix", place, post.Prefixes(p.Platform, "", h)...)
		}
		full, short := p.spellings()
		add("full", "", full)
		add("short", "", short)
		follow = []string{forgetPostsOfSQL, forgetAliasesOfSQL, forgetNamingOfSQL, forgetFindingsOfSQL, forgetLabelsOfSQL, forgetTouchedSQL}
	}
	add("campaign", "", o.Campaign)
	err := s.insert(ctx, "forgotten", len(rows), func(b driver.Batch) error {
		for _, r := range rows {
			if err := b.Append(r.what, r.platform, r.value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.run(ctx, follow...)
}

func (s *Store) count(ctx context.Context, o Erasing) (t Traces, err error) {
	if o.Campaign != "" {
		var judged, numbers uint64
		err = s.write.QueryRow(ctx, forgetCampaignCountSQL, query.Named("campaign", o.Campaign)).Scan(&t.Posts, &t.Findings, &judged, &numbers)
		t.Campaigns, t.Known = []string{o.Campaign}, t.Posts+t.Findings+judged+numbers > 0
	} else {
		err = s.write.QueryRow(ctx, forgetCountSQL).Scan(&t.Posts, &t.Naming, &t.Findings, &t.Campaigns, &t.Notes)
		slices.Sort(t.Campaigns)
	}
	if err != nil {
		return t, fmt.Errorf("counting what is to be erased: %w", err)
	}
	return t, nil
}

// ofCampaigns are the tables that hold rows of campaigns; the posts go last, since what
// else is to go is found by them.
var ofCampaigns = []string{
	"finding_evidence", "finding_posts", "finding_objects", "finding_accounts", "findings", "verdicts", "verdict_history",
	"change_items", "changes", "gaps", "watches", "horizons", "declared_actions",
	"account_buckets", "audience", "audience_days", "reach", "marks", "posts",
}

// erase runs the statements that erase. What names the others is among the last, so
// that an erasure that was cut off finds it again.
func (s *Store) erase(ctx context.Context, o Erasing) error {
	type step struct {
		sql  string
		args []any
	}
	var steps []step
	plain := func(all ...string) {
		for _, sql := range all {
			steps = append(steps, step{sql: sql})
		}
	}
	if o.Campaign != "" {
		plain(forgetTombstonesSQL, forgetAliasesSQL, forgetAccountSightsSQL, forgetAccountsSQL)
		for _, table := range ofCampaigns {
			steps = append(steps, step{forgetCampaignSQL, []any{query.Named("table", table)}})
		}
	} else {
		steps = append(steps, step{forgetMarksSQL, []any{query.Named("version", s.versions.next(s.now()))}})
		plain(forgetFindingEvidenceSQL, forgetFindingPostsSQL, forgetFindingLabelsSQL, forgetFindingObjectsSQL,
			forgetFindingAccountsSQL, forgetFindingsSQL, forgetChangeLabelsSQL, forgetChangeItemsSQL, forgetChangesSQL,
			forgetTombstonesSQL, forgetAliasesSQL, forgetAccountBucketsSQL, forgetNamingSQL, forgetPostsSQL,
			forgetAccountSightsSQL, forgetAccountsSQL)
	}
	for i, st := range steps {
		if o.Progress != nil {
			o.Progress(i, len(steps))
		}
		if err := s.write.Exec(ctx, st.sql, st.args...); err != nil {
			return fmt.Errorf("erasing, step %d of %d: %w", i+1, len(steps), err)
		}
	}
	s.seen.clear()
	s.firsts.clear()
	if o.Progress != nil {
		o.Progress(len(steps), len(steps))
	}
	return nil
}
