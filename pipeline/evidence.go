package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"winnow/pipeline/feed"
	"winnow/pipeline/post"
	"winnow/storage"
	"winnow/storage/evidence/content"
)

// EvidenceStore keeps what was received; see package evidence.
type EvidenceStore interface {
	Append(ctx context.Context, campaign string, at content.Position, records []content.Record) error
	Erase(ctx context.Context, match func(campaign string, r content.Record) bool) (int, error)
	Campaigns() []string
}

// Gone tells which posts of a campaign were deleted by who wrote them.
type Gone interface {
	DeletedPosts(ctx context.Context, campaign string, f func(platform post.Platform, id string)) error
}

// EvidenceOptions are what Evidence works by.
type EvidenceOptions struct {
	Store     EvidenceStore
	Campaigns Campaigns
	Gone      Gone
	// KeepDeleted keeps what was received of posts that were deleted since.
	KeepDeleted bool
	Log         *slog.Logger
	Now         func() time.Time
}

// Evidence keeps the posts of campaigns that ask for it as they were received, apart
// from the store, and lets go of what may not be kept any longer.
type Evidence struct {
	o EvidenceOptions
	// done is what LetGo saw to the last time, by campaign.
	done map[string]ended
}

// NewEvidence returns the stage that keeps what was received.
func NewEvidence(o EvidenceOptions) *Evidence { return &Evidence{o, make(map[string]ended)} }

// keep keeps the rows of a message that have what they came in. What was deleted before
// it came has not: it is not kept at all.
func (e *Evidence) keep(ctx context.Context, m *feed.Message, rows []storage.PostRow) error {
	kept := map[string][]content.Record{}
	// An archive tells when others saw a post. We saw it now.
	now, archived := e.o.Now().UTC(), strings.HasPrefix(m.Batch.Source, string(post.Archive)+"/")
	for i := range rows {
		p := rows[i].Post
		if p.Raw == nil {
			continue
		}
		c, known := e.o.Campaigns.Lookup(rows[i].Campaign)
		if !known || !c.Evidence {
			continue
		}
		came := p.ObservedAt
		if archived || came.IsZero() {
			came = now
		}
		kept[c.Name] = append(kept[c.Name], content.Record{
			Platform: string(p.Platform), PostID: p.ID, NativeID: p.NativeID, AccountID: p.Account.ID,
			Source: rows[i].Source, Version: m.Batch.Receipt.Version, Query: p.Query, ReceivedAt: came, Clock: content.Clock(m.Batch.Receipt.Clock),
			Raw: p.Raw,
		})
	}
	at := content.Position{Incarnation: m.Position.Incarnation, Sequence: m.Position.Seq}
	for name, records := range kept {
		if err := e.o.Store.Append(ctx, name, at, records); err != nil {
			return err
		}
	}
	return nil
}

// evidenceRest is how often it is looked for what may not be kept any longer. X wants
// what was deleted gone within a day.
const evidenceRest = time.Hour

// Run lets go of what may not be kept any longer until ctx ends, which it returns as nil.
// What fails is tried again an hour later.
func (e *Evidence) Run(ctx context.Context) error {
	t := time.NewTicker(evidenceRest)
	defer t.Stop()
	for {
		if _, err := e.LetGo(ctx); err != nil && ctx.Err() == nil {
			e.o.Log.Error("evidence that may not be kept is still there, trying again in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
	}
}

// LetGo erases what was received of posts that were deleted since, unless that is to be
// kept, and of those that their campaign keeps no longer. It returns how many records
// that were.
func (e *Evidence) LetGo(ctx context.Context) (int, error) {
	ends, news := map[string]ending{}, false
	for _, name := range e.o.Store.Campaigns() {
		end := ending{deleted: map[postID]bool{}}
		if !e.o.KeepDeleted {
			err := e.o.Gone.DeletedPosts(ctx, name, func(platform post.Platform, id string) { end.deleted[postID{string(platform), id}] = true })
			if err != nil {
				return 0, fmt.Errorf("erasing evidence of deleted posts: %w", err)
			}
		}
		if c, known := e.o.Campaigns.Lookup(name); known && c.Keep > 0 {
			// As the store does: by whole days.
			end.before = e.o.Now().Add(-c.Keep).UTC().Truncate(24 * time.Hour)
		}
		ends[name] = end
		was, known := e.done[name]
		news = news || len(end.deleted) > 0 && (!known || was.deleted != len(end.deleted)) || end.before.After(was.before)
	}
	if !news { // all records would be read for nothing
		return 0, nil
	}
	n, err := e.o.Store.Erase(ctx, func(campaign string, r content.Record) bool {
		end := ends[campaign]
		return end.deleted[postID{r.Platform, r.PostID}] || r.ReceivedAt.Before(end.before)
	})
	if err != nil {
		return n, fmt.Errorf("erasing evidence that is kept no longer: %w", err)
	}
	for name, end := range ends {
		e.done[name] = ended{len(end.deleted), end.before}
	}
	return n, nil
}

// ending is what is to go of a campaign's evidence, ended how far that went the last time.
type (
	ending struct {
		deleted map[postID]bool
		before  time.Time
	}
	ended struct {
		deleted int
		before  time.Time
	}
)

// postID is the identity of a post.
type postID struct{ platform, id string }
