package boards

import "winnow/dashboards/grafana/model"

// Words that several descriptions need.
const (
	bucket      = " A bucket is a minute, an hour or a day, whichever suits the time shown; it stands at its beginning, and the last one may still be filling. Where a source missed posts (shaded) or nobody watched, an empty bucket is unknown and left out, not zero."
	notTheWhole = " Only what the sources handed over is counted, so a gap in collecting makes it too low."
	twoDays     = " Of the time shown only the last two days are searched, since single posts are read."
	notWhy      = " It says that accounts acted together, never why, and not that they are false, automated or paid."
)

// The variables, by the name that queries know.

func (s *sheets) campaign() model.Variable {
	v := model.One("campaign", "Campaign", "What the operator watches, as named in the configuration.", s.sql("variables/campaign"))
	v.Refresh = 1 // campaigns do not come and go with the time shown
	return v
}

func platform() model.Variable {
	return model.Many("platform", "Platform", "Accounts of different platforms are never matched, so numbers of accounts add up over platforms.",
		"x", "X", "mastodon", "Mastodon", "bluesky", "Bluesky", "archive", "Archive")
}

func (s *sheets) tag() model.Variable {
	return model.One("tag", "Tag", "One tag or the whole campaign: numbers of several tags must not be added, since a post may carry several.", s.sql("variables/tag"))
}

func (s *sheets) language() model.Variable {
	return model.One("language", "Language", "One language or all. No number is kept about a tag in a language: choose one of the two.", s.sql("variables/language"))
}

// marks are what is marked in every graph of a campaign.
func (s *sheets) marks() []model.Annotation {
	return []model.Annotation{
		model.Mark("Undeclared findings", model.Coordinated, s.sql("annotations/undeclared")),
		model.Mark("Early signs", model.Early, s.sql("annotations/early")),
		model.Mark("Declared findings", model.Declared, s.sql("annotations/declared")),
		model.Mark("Announced actions", "#8ea3d6", s.sql("annotations/announced")),
		model.Mark("Not seen", "rgba(128, 121, 106, 0.9)", s.sql("annotations/unseen")),
		model.Mark("Seen in part", "rgba(128, 121, 106, 0.35)", s.sql("annotations/part")),
	}
}

// Links to other dashboards, which carry the campaign, and the platform where the
// dashboard has one. A row's own time goes along as from_ms and to_ms.
const (
	sameCampaign = "?${campaign:queryparam}"
	samePlatform = "&${platform:queryparam}"
	rowCampaign  = "?var-campaign=${__data.fields.campaign:percentencode}"
	rowFinding   = "&var-finding=${__data.fields.finding_id:percentencode}"
	rowTime      = "&from=${__data.fields.from_ms}&to=${__data.fields.to_ms}"
	sameTime     = "&${__url_time_range}"
)

// sides colours the lines or bars of the sides.
func sides(p model.Panel) model.Panel {
	return p.Field("organic", model.Painted(model.Organic)).
		Field("not coordinated", model.Painted(model.Organic)).
		Field("declared", model.Painted(model.Declared)).
		Field("coordinated", model.Painted(model.Coordinated))
}

// findings is how a table shows findings; where says which campaign its links lead to.
func findings(p model.Panel, where string) model.Panel {
	return p.Unit("none", "no finding in this time").
		Field("since", model.Unit("dateTimeAsIso"), model.Width(165), model.Leads("Show this finding", "/d/winnow-finding"+where+rowFinding+rowTime)).
		Field("until", model.Unit("dateTimeAsIso"), model.Width(165)).
		Field("kind", model.Width(80)).
		Field("what was seen", model.Wide(380), model.Leads("Show this finding", "/d/winnow-finding"+where+rowFinding+rowTime)).
		Field("declared", append(model.Colored("^(no)$", "orange", "^(declared: .*)$", "blue"), model.Width(140))...).
		Field("confidence", append(model.Colored("^(high)$", model.Coordinated, "^(firm)$", "orange", "^(early.*)$", model.Early, "^(not known)$", model.Calm), model.Width(110))...).
		Field("verdict", append(model.Colored("^(wrong)$", model.Unseen, "^(confirmed)$", model.Coordinated, "^(explained)$", model.Declared, "^(none)$", model.Calm), model.Width(90))...).
		Field("accounts", model.Unit("short"), model.Width(85)).
		Field("posts", model.Unit("short"), model.Width(75)).
		Field("observed", model.Digits(0), model.Width(85)).
		Field("by chance", model.Digits(2), model.Width(85)).
		Field("bits", model.Digits(0), model.Width(65)).
		Field("from_ms", model.Hidden()).Field("to_ms", model.Hidden()).Field("finding_id", model.Hidden())
}

const aboutFindings = "An early finding may be taken back within the hour and counts nobody as coordinated; a firm one will not be by time alone, and of high ones chance gives at most one in a thousand campaigns. Each sentence says what was seen and what chance would give; bits measure the surprise of the whole (20 bits: once in a million by chance). One that a person judged wrong stays on record and counts nowhere else." + notWhy
