package boards

import "winnow/dashboards/grafana/model"

// campaigns answers: is any campaign under attack, and do we see it?
func campaigns(s *sheets) model.Dashboard {
	return model.New("winnow-campaigns", "Campaigns",
		"All campaigns at a glance: in which accounts act together, since when, and whether everything is seen. All times are UTC. Open a campaign for the answers.",
		[]model.Variable{s.campaign().Hidden(), platform().Hidden()}, nil,
		model.Stat(1, "Coordinated activity found", "Campaigns with a finding in the time shown that is open, undeclared, not early and not judged wrong."+notWhy+" Zero means that nothing stood out from chance, not that nothing happened.",
			6, 4, s.table("campaigns/found")).Unit("short", "none").Above(1.0, model.Coordinated),
		model.Stat(2, "Early signs", "Campaigns with an early sign in the time shown. Each may be taken back within the hour, when it shows whether what began so suddenly goes on like anything that people share. They count nobody as coordinated.",
			6, 4, s.table("campaigns/early")).Unit("short", "none").Above(1.0, model.Early),
		model.Stat(3, "Campaigns with posts", "Campaigns of which any post was collected on the days shown. A campaign without posts may be silent, or not be seen.",
			6, 4, s.table("campaigns/posting")).Unit("short", "none"),
		model.Stat(4, "Posts are missing now", "Campaigns of which a source sees nothing at the end of the time shown: a gap that is still open. What is only counted as configured, or sampled, is not among them. Zero does not mean that everything was seen before, nor what the platforms never hand over.",
			6, 4, s.table("campaigns/blind")).Unit("short", "none").Above(1.0, model.Early),
		model.Rows(5, "All campaigns", "What is known of each campaign in the time shown, those with coordination first. The coordinated share is that of the posts: at least with findings of high confidence only, at most if every early sign were borne out. Shares of few posts say little. Since and last evidence are of findings that overlap the time shown and may lie outside it. “None found” does not prove that there is no attack: Winnow sees accounts that act together, in the posts that it collected.",
			24, 11, s.table("campaigns/campaigns")).Unit("short", "no campaign yet").
			Field("state", append(model.Colored("^(Coordinated activity found)$", model.Coordinated, "^(Nothing but an early sign so far)$", model.Early,
				"^(None found besides declared actions)$", model.Declared, "^(None found)$", model.Calm, "^(No posts)$", model.Unseen), model.Width(240))...).
			Field("campaign", model.Wide(160), model.Leads("Reach of this campaign", "/d/winnow-reach"+rowCampaign+samePlatform+sameTime)).
			Field("since", model.Unit("dateTimeAsIso"), model.Width(165), model.Empty("–"), model.Leads("Coordination since then", "/d/winnow-coordination"+rowCampaign+samePlatform+rowTime)).
			Field("last evidence", model.Unit("dateTimeAsIso"), model.Width(165), model.Empty("–")).
			Field("findings", model.Width(85), model.Leads("Findings of this campaign", "/d/winnow-coordination"+rowCampaign+samePlatform+sameTime)).
			Field("early signs", model.Width(95)).
			Field("declared", model.Width(85)).
			Field("posts", model.Width(85)).
			Field("coordinated share", append(model.Steps(0.05, "orange", 0.2, model.Coordinated), model.Unit("percentunit"), model.Digits(1), model.Width(140), model.Empty("–"))...).
			Field("at least", model.Unit("percentunit"), model.Digits(1), model.Width(85), model.Empty("–")).
			Field("at most", model.Unit("percentunit"), model.Digits(1), model.Width(85), model.Empty("–")).
			Field("seen now", append(model.Colored("^(posts are missing now)$", model.Early, "^(yes|not watched live)$", model.Calm),
				model.Width(170), model.Leads("Coverage of this campaign", "/d/winnow-coverage"+rowCampaign+samePlatform+sameTime))...).
			Field("from_ms", model.Hidden()).Field("to_ms", model.Hidden()),
		model.Bars(6, "Posts by campaign", "Posts of each of the twenty campaigns with the most in the time shown. A post may belong to several campaigns, so the bars must not be read as one sum. An empty bucket is no post or a gap in collecting: the dashboard Reach of a campaign tells which."+bucketOnly,
			12, 9, s.series("campaigns/posts_over_time")).Unit("short", "no posts in this time").Named("${__field.labels.campaign}").Least("1m"),
		model.Bars(7, "Coordinated posts by campaign", "Posts by accounts inside an undeclared finding, between their first and last evidence, of the twenty campaigns with the most."+notWhy+" Early signs are not in it."+bucketOnly,
			12, 9, s.series("campaigns/coordinated_over_time")).Unit("short", "no coordinated posts in this time").Named("${__field.labels.campaign}").Least("1m"),
		findings(model.Rows(8, "Newest findings", "Open findings of all campaigns that overlap the time shown, the newest first. "+aboutFindings,
			24, 10, s.table("campaigns/findings")), rowCampaign+samePlatform).Field("campaign", model.Width(140)),
	)
}

const bucketOnly = " A bucket is a minute, an hour or a day, whichever suits the time shown; it stands at its beginning, and the last one may still be filling."
