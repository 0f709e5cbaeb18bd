package boards

import "winnow/dashboards/grafana/model"

// finding answers: what exactly was seen, by whom, and could it be chance?
func finding(s *sheets) model.Dashboard {
	const gone = "no such finding in this campaign"
	id := model.One("finding", "Finding", "One finding of the campaign, the newest first.", s.sql("variables/finding"))
	id.Refresh = 1
	return model.New("winnow-finding", "Finding",
		"One finding with its evidence: what was seen, what chance would give, which accounts, and what they had in common. All times are UTC. Only the timeline depends on the time shown.",
		[]model.Variable{s.campaign(), id, platform().Hidden()}, s.marks(),
		model.Rows(1, "What was seen", "The claim in a sentence, how far it can be relied on, and what a person said of it. Early may be taken back within the hour; firm will not change by time alone; of high ones chance gives at most one in a thousand campaigns. A verdict is what the named person said, and no proof."+notWhy,
			24, 5, s.table("finding/sentence")).Unit("none", gone).
			Field("what was seen", model.Wide(440)).Field("finding", model.Width(150)).Field("kind", model.Width(90)).
			Field("confidence", append(model.Colored("^(high)$", model.Coordinated, "^(firm)$", "orange", "^(early.*)$", model.Early, "^(not known)$", model.Calm), model.Width(160))...).
			Field("declared", append(model.Colored("^(no)$", "orange", "^(declared: .*)$", "blue"), model.Width(180))...).
			Field("state", model.Width(120)),
		model.Stat(2, "How many", "Accounts, posts and shared objects (texts, links, images, posts, targets) of the evidence. An account is not a person. Posts that the accounts wrote besides the evidence are not in it.",
			7, 4, s.table("finding/size")).Unit("short", gone),
		model.Stat(3, "When", "First evidence, when the evidence sufficed, and last evidence, in the time of the posts. Between two pieces of evidence the accounts may have been silent.",
			7, 4, s.table("finding/times")).Unit("dateTimeAsIso", "not known"),
		model.Stat(4, "Could this be chance?", "How many coincidences were seen, how many chance would give, and the surprise of the whole in bits: 10 bits are once in a thousand, 20 once in a million. Chance is that of the kind of evidence, out of the many chances that a campaign offers; it is no probability that the accounts are guilty of anything.",
			6, 4, s.table("finding/chance")).Unit("none", gone).
			Field("observed", model.Digits(0)).Field("by chance", model.Digits(2)).Field("bits", model.Digits(0)),
		model.Stat(5, "Target", "The account that a pile-on is directed at, by its handle where known. Other kinds have no single target: the conversation itself is it. Being a target says nothing about who began.",
			4, 4, s.table("finding/target")).Unit("string", gone).AllFields(),
		model.Bars(6, "Timeline", "Posts of the evidence by the second, or by longer steps where the time shown is too long for seconds. Only posts that are evidence: what the same accounts posted otherwise is not here. Shaded is what sources missed.",
			24, 9, s.series("finding/timeline")).Unit("short", "no evidence in the time shown: choose a longer one").Digits(0).Least("1s").
			Field("posts of the evidence", model.Painted(model.Coordinated)),
		model.Network(7, "Who is joined by what", "Accounts (orange) and what they had in common (blue): an account is joined to what it posted, and to accounts it was in step with again and again. At most 170 accounts with the most bits and 30 objects with the most accounts; the tables below have more. What is not joined here may be by what is left out. The texts of a pile-on are not named.",
			24, 16, s.table("finding/nodes"), s.table("finding/edges")).Unit("none", gone),
		model.Rows(8, "Accounts", "The accounts of the evidence, the most bits first. An account's bits are its own part in the evidence and do not add up to the finding's. The claim is about the group: not each account took part knowingly. Signs of automation are listed and earn nothing. Empty is not told.",
			24, 11, s.table("finding/accounts")).Unit("short", "no account is kept for this finding").
			Field("account", model.Wide(160)).Field("platform", model.Width(90)).
			Field("opened", model.Unit("dateTimeAsIso"), model.Empty("unknown")).
			Field("followers", model.Empty("unknown")).
			Field("bits", model.Digits(1)).
			Field("first evidence", model.Unit("dateTimeAsIso")).Field("last evidence", model.Unit("dateTimeAsIso")),
		model.Rows(9, "How the bits add up", "Each piece of evidence with the numbers that its bits are computed from, the strongest first. By chance is the baseline of each number; what it and “out of” are depends on the number, and docs/detection.md has the formula of each. The bits of the pieces that count, each piece once, add up to those of the finding; the bits of single numbers may be more. No bit says why.",
			24, 11, s.table("finding/evidence")).Unit("none", "no evidence is kept for this finding").
			Field("evidence", model.Width(110)).Field("number", model.Wide(200)).
			Field("observed", model.Digits(2)).Field("out of", model.Digits(2), model.Empty("–")).Field("by chance", model.Digits(4)).
			Field("bits of it", model.Digits(1)).Field("bits of the piece that count", model.Digits(1)).
			Field("from", model.Unit("dateTimeAsIso")).Field("to", model.Unit("dateTimeAsIso")),
		model.Folded(10, "Texts side by side (closed, since the texts of an attack can hurt)",
			model.Rows(11, "Texts", "What the posts of the evidence say, equal texts together, the most repeated first; only the first 500 posts are looked up, and 600 characters of each text shown. Deleted posts have lost their text and still count. Saying the same is not wrong: what counts is how close together it came.",
				24, 14, s.table("finding/texts")).Unit("short", "no post is kept for this finding").
				Field("text", model.Wide(520)).
				Field("first", model.Unit("dateTimeAsIso")).Field("last", model.Unit("dateTimeAsIso")).Field("seconds between", model.Unit("s")),
		),
	)
}
