package boards

import "winnow/dashboards/grafana/model"

// coordination answers: who acts together, since when, how much of the volume is
// it, and how sure is that?
func coordination(s *sheets) model.Dashboard {
	const counts = " Zero means that nothing stood out from chance, not that nothing happened."
	return model.New("winnow-coordination", "Coordination",
		"Which accounts act together, since when, and how much of the posts that is, at least and at most. All times are UTC. Open a finding for its evidence.",
		[]model.Variable{s.campaign(), platform()}, s.marks(),
		model.Stat(1, "Findings", "Findings that are open, undeclared, not early, not judged wrong, overlap the time shown and have an account on the chosen platforms. A finding is a claim with evidence, to be looked at by a person."+counts,
			4, 4, s.table("coordination/found")).Unit("short", "none").Above(1.0, model.Coordinated),
		model.Stat(2, "Early signs", "Undeclared findings that may be taken back within the hour. They are a warning and count nobody as coordinated."+counts,
			4, 4, s.table("coordination/early")).Unit("short", "none").Above(1.0, model.Early),
		model.Stat(3, "Declared", "Findings that match an action which the campaign announced itself. They are shown and never hidden, and count nobody as coordinated; one ruler measures both sides.",
			4, 4, s.table("coordination/declared")).Unit("short", "none"),
		model.Stat(4, "Since when", "First and last evidence of the findings that are counted at the left; it may lie outside of the time shown. The first evidence is no earlier than what was collected, so look for gaps before it.",
			6, 4, s.table("coordination/since")).Unit("dateTimeAsIso", "no such moment"),
		model.Stat(5, "Coordinated share of posts", "Share of the posts in the time shown that came from accounts inside an undeclared finding, between their first and last evidence: at least with findings of high confidence only, at most if every early sign were borne out. The bounds are no confidence interval of a sample: all that was collected is counted, and what was not is in neither."+notWhy,
			6, 4, s.table("coordination/share")).Unit("percentunit", "no posts in this time").Digits(1).Share().Above(0.05, "orange", 0.2, model.Coordinated),
		model.Lines(6, "Coordinated share over time", "Share of each bucket's posts that lie inside an undeclared finding, with its bounds shaded: at least with findings of high confidence only, at most if every early sign were borne out. In a bucket with few posts a share says little: read it together with the posts below. Buckets without posts have no share."+bucketOnly,
			24, 9, s.series("coordination/share_over_time")).Unit("percentunit", "no posts in this time").Digits(1).Least("1m").
			Field("coordinated share", model.Painted(model.Coordinated)).
			Field("at least", model.Painted(model.Unseen)).
			Field("at most", append(model.FillTo("at least"), model.Painted(model.Early))...),
		model.Bars(7, "Coordinated posts by confidence", "Posts by accounts inside undeclared findings: of high confidence, of firm confidence or one that is not known, and early signs, which may be taken back and are not in any number of coordinated posts."+bucket,
			12, 9, s.series("coordination/posts_over_time")).Unit("short", "no posts in this time").Digits(0).Least("1m").
			Field("high confidence", model.Painted(model.Coordinated)).Field("firm", model.Painted("#e8995f")).Field("early signs", model.Painted(model.Early)),
		model.Lanes(8, "Findings over time", "From the first to the last evidence of each open finding that overlaps the time shown, the thirty with the most accounts. Between two pieces of evidence the accounts may have been silent: a long lane is not a long attack.",
			12, 9, "lane", s.table("coordination/findings_over_time")).Unit("string", "no finding in this time").Named("${__field.labels.lane}").
			Maps("^(coordinated)$", model.Coordinated, "^(declared)$", model.Declared, "^(early sign)$", model.Early),
		model.Heat(9, "Bursts", "How many seconds after the post before it, on the same text, link, image or target, each post of the evidence came; the darker end is few posts, the brighter many. A burst is a bright spot low down. It shows posts that are evidence already, so it is no test of it, and at most 20,000 of them.",
			12, 9, s.table("coordination/bursts")).Unit("s", "no undeclared evidence in this time"),
		model.Rows(10, "Kinds of evidence", "What the undeclared findings at the left rest on, early signs included. Bits that count are what a finding's bits are the sum of: what another piece says already is left out. Bits of different kinds stand on different ideas of chance; docs/detection.md has each. More bits do not mean more harm.",
			12, 9, s.table("coordination/evidence")).Unit("short", "no undeclared evidence in this time").
			Field("evidence", model.Wide(300)).Field("bits that count", model.Digits(0)),
		findings(model.Rows(11, "All findings", "Open findings that overlap the time shown and have an account on the chosen platforms, the most accounts first, early ones after them, then what a person judged wrong, declared ones last. "+aboutFindings,
			24, 11, s.table("coordination/findings")), sameCampaign+samePlatform),
		model.Rows(12, "Changes of volume", "Stretches in which the posts of the campaign, or of one of its tags, were far more or far fewer than is usual at that time of day, on all platforms. A change is not an attack: news and events change a tag, and so does a gap in what was collected. Who held it is a rule over the numbers of accounts, explained in docs/changes.md, and no right to the tag.",
			24, 8, s.table("coordination/changes")).Unit("short", "no change in this time").
			Field("since", model.Unit("dateTimeAsIso"), model.Width(165)).
			Field("until", model.Unit("dateTimeAsIso"), model.Width(165), model.Empty("goes on, or is the new usual")).
			Field("what changed", model.Wide(380)).Field("usual", model.Digits(0)).Field("bits", model.Digits(0)),
	)
}
