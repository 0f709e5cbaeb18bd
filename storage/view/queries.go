package view

import _ "embed" // the queries are files beside the code

// Every query lives in a file of its own, so that it can be read, formatted
// and executed as SQL.
var (
	//go:embed queries/campaigns.sql
	campaignsSQL string
	//go:embed queries/totals.sql
	totalsSQL string
	//go:embed queries/series.sql
	seriesSQL string
	//go:embed queries/audience.sql
	audienceSQL string
	//go:embed queries/measures.sql
	measuresSQL string
	//go:embed queries/share_of_voice.sql
	shareOfVoiceSQL string
	//go:embed queries/findings.sql
	findingsSQL string
	//go:embed queries/finding_accounts.sql
	findingAccountsSQL string
	//go:embed queries/finding_objects.sql
	findingObjectsSQL string
	//go:embed queries/finding_posts.sql
	findingPostsSQL string
	//go:embed queries/finding_evidence.sql
	findingEvidenceSQL string
	//go:embed queries/finding_verdicts.sql
	findingVerdictsSQL string
	//go:embed queries/finding_related.sql
	findingRelatedSQL string
	//go:embed queries/finding_edges.sql
	findingEdgesSQL string
	//go:embed queries/finding_seconds.sql
	findingSecondsSQL string
	//go:embed queries/export_version.sql
	exportVersionSQL string
	//go:embed queries/export_accounts.sql
	exportAccountsSQL string
	//go:embed queries/export_objects.sql
	exportObjectsSQL string
	//go:embed queries/export_posts.sql
	exportPostsSQL string
	//go:embed queries/people_pile_ons.sql
	peoplePileOnsSQL string
	//go:embed queries/people_addressed.sql
	peopleAddressedSQL string
	//go:embed queries/people_texts.sql
	peopleTextsSQL string
	//go:embed queries/changes.sql
	changesSQL string
	//go:embed queries/change_items.sql
	changeItemsSQL string
	//go:embed queries/gaps.sql
	gapsSQL string
	//go:embed queries/holes.sql
	holesSQL string
	//go:embed queries/watches.sql
	watchesSQL string
	//go:embed queries/sources.sql
	sourcesSQL string

	// OutcomeSQL lists the findings that matter most: campaign, sentence,
	// declared, confidence. It is for Query, by whoever reaches the store through its
	// owner only.
	//
	//go:embed queries/outcome.sql
	OutcomeSQL string
)
