package view

import (
	"context"
	"fmt"

	"winnow/storage/query"
)

// FindingEdge joins two things in a finding: an account and an object that it posted,
// or two accounts that were in step.
type FindingEdge struct {
	// A is the account, or one of the two.
	A Party
	// B is the other account; empty if the edge leads to an object.
	B Party
	// ObjectKind and ObjectID are the object; empty if the edge leads to an account.
	ObjectKind, ObjectID string
	// Posts is how often the account posted the object, Bits the strongest evidence
	// that the two were in step; the one that does not apply is zero.
	Posts uint64
	Bits  float64
}

// maxEdges is how many edges are told; queries reach the rest.
const maxEdges = 1000

// Edges returns what joins the accounts with the most bits and the objects with the
// most accounts, so many of each; the strongest first, at most 1,000. Handles are left
// empty: Finding has them.
func (r *Reader) Edges(ctx context.Context, campaign, id string, accounts, objects int) ([]FindingEdge, error) {
	const doing = "reading what joins the accounts of a finding"
	rows, err := r.conn.Query(ctx, findingEdgesSQL, query.Named("campaign", campaign), query.Named("id", id), query.Named("limit", uint32(maxEdges)),
		query.Named("accounts", uint32(max(accounts, 0))), query.Named("objects", uint32(max(objects, 0))))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	return query.Collect(rows, doing, func(e *FindingEdge) []any {
		return []any{&e.A.Platform, &e.A.AccountID, &e.B.Platform, &e.B.AccountID, &e.ObjectKind, &e.ObjectID, &e.Posts, &e.Bits}
	})
}
