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
	//go:embed queries/finding_members.sql
	findingMembersSQL string
	//go:embed queries/findings_early.sql
	findingsEarlySQL string
	//go:embed queries/tombstones_ids.sql
	tombstonesIDsSQL string
	//go:embed queries/posts_first.sql
	postsFirstSQL string
	//go:embed queries/posts_sights.sql
	postsSightsSQL string
	//go:embed queries/days_load.sql
	daysLoadSQL string
	//go:embed queries/hours_all.sql
	hoursAllSQL string
	//go:embed queries/campaigns_all.sql
	campaignsAllSQL string
	//go:embed queries/accounts_recompute.sql
	accountsRecomputeSQL string
	//go:embed queries/accounts_days.sql
	accountsDaysSQL string
	//go:embed queries/totals_recompute.sql
	totalsRecomputeSQL string
	//go:embed queries/findings_withdraw.sql
	findingsWithdrawSQL string
	//go:embed queries/changes_stored.sql
	changesStoredSQL string
	//go:embed queries/changes_withdraw.sql
	changesWithdrawSQL string
)
