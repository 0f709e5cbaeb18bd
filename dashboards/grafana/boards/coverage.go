package boards

import "winnow/dashboards/grafana/model"

// coverage answers: what do we not see, and why?
func coverage(s *sheets) model.Dashboard {
	const source = "{{source}}"
	return model.New("winnow-coverage", "Coverage",
		"How much the sources saw, what they missed and why, and what X costs. All times are UTC. 100 % means that nothing is known to be missing, and never that nothing is. What the sources do now comes from Winnow's metrics, all else from the store.",
		[]model.Variable{s.campaign(), platform()}, nil,
		model.Stat(1, "Sources that miss posts now", "Sources of this campaign with a gap that is still open at the end of the time shown, sampling included. Zero does not mean that everything was seen before.",
			5, 5, s.table("coverage/open")).Unit("short", "none").Above(1.0, model.Early),
		model.Rows(2, "Seen by each source", "The share of the time shown that each source surely saw (at least), and the same with gaps that were filled in part counted as if nothing was missing in them (at most), from when it began to watch this campaign. It is a share of time and not of posts, and each source has its own: two that were up half the time may have missed the same half. With more than 1,500 gaps in the time shown it is left open: the desk adds them up.",
			19, 5, s.table("coverage/seen")).Unit("short", "no source watches this campaign live").
			Field("source", model.Wide(200)).Field("platform", model.Width(100)).
			Field("watched since", model.Unit("dateTimeAsIso"), model.Width(170)).
			Field("time watched", model.Unit("s"), model.Width(120)).
			Field("at least", model.Unit("percentunit"), model.Digits(2), model.Width(100), model.Empty("too many gaps")).
			Field("at most", model.Unit("percentunit"), model.Digits(2), model.Width(100), model.Empty("too many gaps")).
			Field("open", append(model.Colored("^(posts are missing now)$", model.Early, "^(no)$", model.Calm), model.Width(170))...),
		model.Lanes(3, "When posts were missed", "The gaps of each source: not seen, seen in part, or missed and fetched later. A gap that goes on reaches to the end. Times before a campaign was watched are no gaps. At most the latest 500 gaps are drawn.",
			24, 8, "lane", s.table("coverage/lanes")).Unit("string", "no gap in this time").Named("${__field.labels.lane}").
			Maps("^(not seen)$", model.Unseen, "^(seen in part)$", model.Early, "^(came later)$", model.Declared),
		model.Ranking(4, "Time lost, by cause", "Seconds of gaps within the time shown, less the share that was sampled, by cause and by what came of asking afterwards. Rate-limited means that the platform asked to wait, budget that Winnow stayed within what may be spent. Gaps that overlap count each on their own, so this is more than what coverage loses.",
			12, 9, "why", s.table("coverage/causes")).Unit("s", "no gap in this time").
			Field("not seen", model.Painted(model.Unseen)).Field("seen in part", model.Painted(model.Early)).Field("came later", model.Painted(model.Declared)),
		model.Lines(5, "Faults", "Faults of connections and of filling an hour, by source and cause; rate-limited is how often a platform asked to wait. A fault is not yet a gap: many are over before a post is missed. From Winnow's metrics, so nothing where they were not collected.",
			12, 9, model.Over("sum by (source, cause) (rate(winnow_collector_faults_total[$__rate_interval])) * 3600", source+": {{cause}}")).Unit("short", "no metrics in this time").Digits(1),
		model.Rows(6, "All gaps", "Times in which a source of this campaign did not see everything, newest first; in graphs they are shaded, unless everything came later. Numbers there are too low by what was not seen. What is seen meanwhile is the share of posts taken in spite of it. Pending is still asked for, partly is what the platform still gave, lost will not come.",
			24, 9, s.table("coverage/gaps")).Unit("none", "no gap in this time").
			Field("from", model.Unit("dateTimeAsIso"), model.Width(170)).
			Field("to", model.Unit("dateTimeAsIso"), model.Width(170), model.Empty("still open")).
			Field("lasted", model.Unit("s"), model.Digits(0), model.Width(120)).
			Field("source", model.Width(210)).Field("concerns", model.Width(170)).Field("why", model.Width(130)).
			Field("seen meanwhile", model.Unit("percentunit"), model.Digits(0), model.Width(130)).
			Field("came later", model.Width(110)).Field("note", model.Wide(240)),
		model.Stat(7, "What the sources do now", "The state of each source in the last scrape: live, connecting, waiting before the next attempt, or stopped until the operator acts. Live means that the connection stands, not that the platform hands over everything.",
			12, 6, model.Now("winnow_collector_state", source)).Unit("none", "no metrics: Prometheus may not reach Winnow").
			Named("${__field.labels.source}").
			Words("connecting", model.Early, "live", model.Declared, "waiting", model.Early, "stopped", model.Coordinated),
		model.Lines(8, "Time without a post", "How long ago each source delivered its last post. Silence may be a quiet tag: it is a gap only where the tables above say so. Sources that brought none since the start are left out.",
			12, 6, model.Over("time() - (winnow_collector_last_post_timestamp_seconds > 0)", source)).Unit("s", "no metrics in this time"),
		model.Lines(9, "Posts delivered", "Posts a minute of each source, all campaigns together, filled gaps included. One post may come from several sources, so lines do not add up to posts stored.",
			24, 8, model.Over("sum by (source) (rate(winnow_collector_posts_total[$__rate_interval])) * 60", source)).Unit("short", "no metrics in this time").Digits(1),
		spending(10, "X: paid today", "today", "day", "day (UTC)"),
		spending(11, "X: paid this month", "month", "month", "month (UTC)"),
		model.Stat(12, "X: budget used", "Posts paid for out of what may be paid for, today and this month, by Winnow's own count; X's bill counts. At 100 % posts are no longer asked for until the day or month ends, and that is a gap.",
			24, 4, model.Now("winnow_collector_spent_posts_today / (winnow_collector_limit_posts_day > 0)", source+" today"),
			model.Now("winnow_collector_spent_posts_month / (winnow_collector_limit_posts_month > 0)", source+" this month").As("B")).
			Unit("percentunit", "no budget is set, or no metrics").Digits(0).Above(0.8, model.Early, 1.0, model.Coordinated),
	)
}

// spending shows posts paid for against what may be paid for.
func spending(id int, title, spent, limit, span string) model.Panel {
	at := func(name string) string { return "winnow_collector_" + name }
	return model.Lines(id, title, "Posts that X billed this "+span+" by Winnow's own count, what they come to at this rate, and how many may be paid for. Projected is a straight line from what was spent: an attack tonight is not in it. X's bill counts.",
		12, 8,
		model.Over(at("spent_posts_"+spent), "{{source}}: paid"),
		model.Over(at("projected_posts_"+spent), "{{source}}: at this rate").As("B"),
		model.Over(at("limit_posts_"+limit)+" > 0", "{{source}}: budget").As("C")).
		Unit("short", "no source that is paid for, or no metrics").Digits(0)
}
