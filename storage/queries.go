package storage

import _ "embed" // the queries are files beside the code

// Every query lives in a file of its own, so that it can be read, formatted
// and executed as SQL.
var (
	//go:embed queries/newest_version.sql
	newestVersionSQL string
	//go:embed queries/marks_open.sql
	marksOpenSQL string
	//go:embed queries/marks_load.sql
	marksLoadSQL string
	//go:embed queries/marks_done.sql
	marksDoneSQL string
	//go:embed queries/marks_buried.sql
	marksBuriedSQL string
	//go:embed queries/marks_span.sql
	marksSpanSQL string
	//go:embed queries/reach_recompute.sql
	reachRecomputeSQL string
	//go:embed queries/posts_bury.sql
	postsBurySQL string
	//go:embed queries/posts_in_time.sql
	postsInTimeSQL string
	//go:embed queries/posts_recent.sql
	postsRecentSQL string
	//go:embed queries/findings_stored.sql
	findingsStoredSQL string
	//go:embed queries/findings_early.sql
	findingsEarlySQL string
	//go:embed queries/tombstones_count.sql
	tombstonesCountSQL string
	//go:embed queries/findings_withdraw.sql
	findingsWithdrawSQL string
	//go:embed queries/changes_stored.sql
	changesStoredSQL string
	//go:embed queries/changes_withdraw.sql
	changesWithdrawSQL string
)
