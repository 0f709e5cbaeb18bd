package boards

import "winnow/dashboards/grafana/model"

// people answers: who is turned on, by how many who never spoke to them before,
// and how much at once?
func people(s *sheets) model.Dashboard {
	const none = "no pile-on in this time"
	return model.New("winnow-people", "Attacks on people",
		"Accounts that many others turned on at once. The targets are those of pile-ons that were found: whom a campaign protects is in its configuration, and is found at lower thresholds than others. All times are UTC. No text is shown unless somebody opens it.",
		[]model.Variable{s.campaign(), platform(), model.One("target", "Target", "An account that a pile-on was directed at, or all of them.", s.sql("variables/target"))}, s.marks(),
		model.Stat(1, "Targets", "Different accounts that undeclared pile-ons of the time shown are directed at, early signs left out; of pile-ons with an account on the chosen platforms. Zero means that no crowd turned on one account at once: single hostile accounts and threats in private are not seen.",
			6, 4, s.table("people/targets_hit")).Unit("short", "none").Above(1.0, model.Coordinated),
		model.Stat(2, "Pile-ons", "Undeclared findings of the time shown that are directed at an account, and early signs of such. Many strangers who answer one post at once are a pile-on for the person it hits, organised or not: timing alone cannot tell the two apart.",
			6, 4, s.table("people/pile_ons")).Unit("short", "none").Field("early signs", model.Painted(model.Early)),
		model.Stat(3, "Accounts that took part", "Different accounts in the evidence of the pile-ons, each once, early signs left out. Bystanders may be among them: there are always some who would have written anyway. An account is not a person.",
			6, 4, s.table("people/took_part")).Unit("short", "none"),
		model.Rows(4, "Who is turned on", "Each target with its undeclared pile-ons of the time shown; the largest by is the accounts of the largest one, since accounts of several must not be added up. Posts are those of the evidence, and a post that two pile-ons rest on counts in both. Being a target says nothing about who began.",
			24, 8, s.table("people/targets")).Unit("short", none).
			Field("account", model.Wide(180), model.Leads("Show this target alone", "/d/winnow-people"+sameCampaign+samePlatform+sameTime+"&var-target=${__data.fields.target_id:percentencode}")).
			Field("pile-ons", model.Leads("Show the newest finding", "/d/winnow-finding"+sameCampaign+samePlatform+rowFinding+rowTime)).
			Field("first evidence", model.Unit("dateTimeAsIso"), model.Width(170)).Field("last evidence", model.Unit("dateTimeAsIso"), model.Width(170)).
			Field("finding_id", model.Hidden()).Field("target_id", model.Hidden()).Field("from_ms", model.Hidden()).Field("to_ms", model.Hidden()),
		model.Bars(5, "First-time interactors", "Accounts of the evidence at their first post at a target, once for each target. Pile-ons count accounts that had not addressed the target within this campaign before; whether they knew it elsewhere is not known. Shaded is what sources missed.",
			12, 9, s.series("people/newcomers")).Unit("short", none).Digits(0).Least("1m").
			Field("accounts for the first time", model.Painted(model.Coordinated)),
		sides(model.Bars(6, "Posts that address them", "Posts of this campaign that mention, answer or quote a target, in a pile-on or not, by the side of the account at the time of the post; early signs are among the organic. It shows what attention is usual. Attention that comes from outside the campaign is not collected."+twoDays,
			12, 9, s.series("people/addressed"))).Unit("short", "nobody addressed them in the last two days shown").Digits(0).Least("1m"),
		model.Heat(7, "Synchrony", "How many seconds after the post before it, at the same target, each post of a pile-on came; the brighter, the more posts. Many posts low down at one time came at once. It shows posts that are evidence already, so it is no test of it, and at most 20,000 of them.",
			12, 10, s.table("people/synchrony")).Unit("s", none),
		model.Rows(8, "Rushes", "Each rush of the pile-ons: how many accounts that had never addressed the target came within ten minutes, how many would be usual by its own rhythm and the attention it gets, how many of those whose age is known were opened less than 30 days before, and how many texts are of three words or fewer or equal to another's. Youth and equal texts help to tell an attack from outrage, and decide nothing alone.",
			12, 10, s.table("people/rushes")).Unit("short", none).
			Field("from", model.Unit("dateTimeAsIso"), model.Width(165), model.Leads("Show this finding", "/d/winnow-finding"+sameCampaign+samePlatform+rowFinding+sameTime)).
			Field("to", model.Unit("dateTimeAsIso"), model.Width(165)).
			Field("usual", model.Digits(1)).
			Field("opened less than 30 days before", model.Unit("percentunit"), model.Digits(0), model.Empty("unknown")).
			Field("usual for young", model.Unit("percentunit"), model.Digits(0), model.Empty("unknown")).
			Field("short or equal texts", model.Unit("percentunit"), model.Digits(0), model.Empty("unknown")).
			Field("usual for texts", model.Unit("percentunit"), model.Digits(0), model.Empty("unknown")).
			Field("bits that count", model.Digits(0)).Field("finding_id", model.Hidden()),
		model.Folded(9, "What was written (closed, since it can hurt)",
			model.Rows(10, "Texts", "What the posts of the pile-ons say, equal texts together, the most repeated first; only the first 300 posts of the time shown are looked up, and 600 characters of each text shown. Deleted posts have lost their text and still count. A text alone does not say that its author acted with others.",
				24, 14, s.table("people/texts")).Unit("short", none).
				Field("text", model.Wide(520)).
				Field("first", model.Unit("dateTimeAsIso")).Field("last", model.Unit("dateTimeAsIso")),
		),
	)
}
