package control

import (
	"context"
	"io"

	"winnow/pipeline/feed"
	"winnow/storage"
)

// Owner is what a command can ask of the owner of a data directory, in this
// process or through its socket.
type Owner interface {
	// Publish puts a batch into the log; nil means that it is safe.
	Publish(ctx context.Context, b feed.Batch) error
	// Cursor returns where a source stopped; false if it never began.
	Cursor(ctx context.Context, source string) ([]byte, bool, error)
	// Drain returns when everything published before is stored, detection
	// has run over it and its buckets are computed.
	Drain(ctx context.Context) error
	// Query runs one reading statement and returns its result in one of
	// ClickHouse's formats.
	Query(ctx context.Context, sql, format string) (io.ReadCloser, error)
	// Rebuild computes buckets anew from the posts, or checks those stored.
	Rebuild(ctx context.Context, o storage.Rebuilding) (storage.Rebuilt, error)
	// Report writes what is known of a campaign as one file, or nothing.
	Report(ctx context.Context, w io.Writer, ask Reporting) error
	// Export writes what is known of a finding as one bundle, or nothing.
	Export(ctx context.Context, w io.Writer, ask Exporting) error
	// Forget erases an account or a campaign everywhere.
	Forget(ctx context.Context, ask Forgetting) (Forgotten, error)
	// Backup writes all that the data directory holds as one stream, of which half is
	// there if it fails.
	Backup(ctx context.Context, w io.Writer) error
	// Stop ends the owner, as an interruption does. It returns before that is done.
	Stop(ctx context.Context) error
}
