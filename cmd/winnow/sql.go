package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"winnow/cmd/app"
	"winnow/cmd/control"
	"winnow/storage"
)

type sqlCmd struct {
	Query  string `arg:"" optional:"" help:"The question; read from standard input if left out."`
	Format string `short:"f" enum:"table,csv,json" default:"table" help:"How to print the result: ${enum} (json is one object a line)."`
}

// Help is shown below the flags.
func (sqlCmd) Help() string {
	return `Tables: posts, accounts, account_sights, reach, account_buckets, audience,
findings, finding_accounts, finding_objects, finding_posts, finding_evidence,
memberships, verdicts, verdict_history, changes, change_items, tombstones, aliases, gaps, watches.
Rows are replaced by newer versions of themselves: write FINAL behind a table's
name to see each row once.

    winnow sql "SELECT campaign, uniqExact(platform, post_id) FROM posts FINAL GROUP BY campaign"
    winnow sql "SELECT sentence FROM findings FINAL WHERE state = 'open'" --format json`
}

// Run asks the owner of the data directory, or becomes it for a moment.
func (c sqlCmd) Run(e *env) error {
	query := c.Query
	if query == "" {
		text, err := io.ReadAll(e.stdin)
		if err != nil {
			return fmt.Errorf("reading the query from standard input: %w", err)
		}
		query = string(text)
	}
	if strings.TrimSpace(query) == "" {
		return errors.New("no query: give one as an argument or on standard input, such as \"SELECT count() FROM posts FINAL\"")
	}
	format := map[string]string{"table": "PrettyCompactMonoBlock", "csv": "CSVWithNames", "json": "JSONEachRow"}[c.Format]
	ask := func(ctx context.Context, q interface {
		Query(ctx context.Context, sql, format string) (io.ReadCloser, error)
	},
	) error {
		result, err := q.Query(ctx, query, format)
		if err != nil {
			return err
		}
		_, err = io.Copy(e.stdout, result)
		return errors.Join(err, result.Close())
	}
	err := app.WithStore(e.ctx, e.cfg, e.deps(), func(s *storage.Store) error { return ask(e.ctx, s.View()) })
	if errors.Is(err, control.ErrOwned) {
		client, err := control.Dial(e.cfg.DataDir)
		if err != nil {
			return err
		}
		return ask(e.ctx, client)
	}
	return err
}
