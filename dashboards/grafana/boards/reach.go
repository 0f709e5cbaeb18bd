package boards

import "winnow/dashboards/grafana/model"

// reach answers: how far does the campaign get, and how much of that is organic?
func reach(s *sheets) model.Dashboard {
	split := func(id int, title, what, file string) model.Panel {
		return sides(model.Bars(id, title, what+" Not coordinated is the rest of all: organic and declared."+bucket,
			12, 8, s.series("reach/"+file))).Unit("short", "no posts in this time, or a tag and a language at once").Digits(0).Least("1m")
	}
	kind := func(id int, title, file, what string) model.Panel {
		p := split(id, title, what+" As the platforms last reported it; where one lacks the number it adds nothing. It is not told who gave it, so accounts that act together may be behind it too.", file)
		p.GridPos.W = 6
		return p
	}
	const nothing = "no posts in this time, or a tag and a language at once"
	const whole = "only known of the whole campaign, as far back as posts are kept"
	return model.New("winnow-reach", "Reach",
		"How far a campaign reaches, and which part of it comes from accounts that act together. All times are UTC. Every number counts what was collected; where collecting had a gap, which is shaded, it is too low.",
		[]model.Variable{s.campaign(), platform(), s.tag(), s.language()}, s.marks(),
		model.Stat(1, "Posts", "Posts collected in the time shown, reposts, quotes and replies included; deleted posts stay counted. Not every post that was written."+notTheWhole,
			4, 4, s.table("reach/posts")).Unit("short", nothing),
		model.Stat(2, "Accounts", "Different accounts that posted in the hours shown, and how many of them inside an undeclared finding. An account is not a person: a person may have several, and they are never matched. Accounts of several hours or days must not be added up; this number counts each once.",
			5, 4, s.table("reach/accounts")).Unit("short", whole),
		model.Stat(3, "Potential reach", "Followers of the different accounts that posted in the hours shown, each account once with the number seen last; beside it, of how many accounts the followers are known. An upper bound, not readers: audiences overlap, and nobody sees everything. Accounts whose followers are unknown add nothing.",
			5, 4, s.table("reach/potential_reach")).Unit("short", "unknown: "+whole).
			Field("accounts whose followers are known", model.Unit("percentunit"), model.Digits(0)),
		model.Stat(4, "Potential impressions", "Followers summed over posts: an account with 1,000 followers that posts three times gives 3,000. Not how often anything was seen; a few busy accounts can drive it up alone.",
			3, 4, s.table("reach/impressions")).Unit("short", "unknown"),
		model.Stat(5, "Views", "What the platforms report as views of the posts, as last seen. Platforms count different things as a view, and most report none. Winnow never estimates it.",
			3, 4, s.table("reach/views")).Unit("short", "not told"),
		model.Stat(6, "Shares of posts", "Which part of the posts is organic, coordinated, or declared by the campaign itself. Organic means that no coordination was found, which is less than proof of its absence; early signs are in it. How sure the coordinated part is tells the dashboard Coordination."+notWhy,
			4, 4, s.table("reach/organic_share")).Unit("percentunit", nothing).Digits(1).
			Field("organic", model.Painted(model.Organic)).Field("coordinated", model.Painted(model.Coordinated)).Field("declared", model.Painted(model.Declared)),
		sides(model.Bars(7, "Posts over time", "Posts per bucket: by accounts inside an undeclared finding (coordinated), by accounts inside a declared finding only (declared), and by all others (organic). Organic means that no coordination was found, which is less than proof that there is none."+bucket,
			24, 9, s.series("reach/posts_over_time"))).Unit("short", nothing).Digits(0).Least("1m"),
		split(8, "Accounts over time", "Different accounts per bucket. The numbers of several buckets must not be added up: the same account posts in many.", "accounts_over_time"),
		split(9, "Potential reach over time", "Followers of the different accounts of each bucket. An upper bound, not readers. The numbers of several buckets must not be added up. Accounts whose followers are unknown add nothing.", "reach_over_time"),
		split(10, "Potential impressions over time", "Followers summed over the posts of each bucket. Not how often anything was seen; it grows with the number of posts.", "impressions_over_time"),
		split(11, "Views over time", "What the platforms report as views of the posts of each bucket, as last seen. Not comparable between platforms, and most report none: zero may mean not told.", "views_over_time"),
		kind(12, "Likes", "likes_over_time", "Likes of the posts of each bucket."),
		kind(13, "Reposts", "reposts_over_time", "Reposts of the posts of each bucket, by the platforms' own count, which is more than the reposts that were collected as posts."),
		kind(14, "Replies", "replies_over_time", "Replies to the posts of each bucket, by the platforms' own count. A reply may be support or attack."),
		kind(15, "Quotes", "quotes_over_time", "Quotes of the posts of each bucket, by the platforms' own count. A quote may be support or attack."),
		model.Rows(16, "Share of voice", "Posts with each tag out of all posts of the campaign, the fifty most used tags, and how many of them are coordinated. Not the share of a conversation on a platform: the whole is what the campaign collects. Shares of tags add up to more than one, since a post may carry several.",
			12, 10, s.table("reach/tags")).Unit("short", "no tags in this time").
			Field("tag", model.Wide(140), model.Leads("Show this tag alone", "/d/winnow-reach"+sameCampaign+samePlatform+sameTime+"&var-tag=${__data.fields.tag_key:percentencode}")).
			Field("share of voice", model.Unit("percentunit"), model.Digits(1)).
			Field("coordinated share", append(model.Steps(0.05, "orange", 0.2, model.Coordinated), model.Unit("percentunit"), model.Digits(1))...).
			Field("tag_key", model.Hidden()),
		sides(model.Ranking(17, "Languages", "Posts by the language that the platform or the post names, the fifteen most used, each split by side. A language is often guessed by the platform and sometimes wrong; posts without one are left out. It does not say where people are.",
			6, 10, "language", s.table("reach/languages"))).Unit("short", "no language is told in this time"),
		sides(model.Ranking(18, "Platforms", "Posts by platform, each split by side. Platforms hand over very different parts of what is posted there, so the bars do not tell where a campaign is larger.",
			6, 10, "posted on", s.table("reach/platforms"))).Unit("short", nothing),
		model.Rows(19, "Top posts", "Posts with the most reposts and quotes as last reported, then likes; no reposts. Numbers are the platforms' own and may be hours old; empty is not told. The side is that of the account at the time of the post."+notWhy+twoDays,
			24, 10, s.table("reach/top_posts")).Unit("short", "no posts in the last two days shown").
			Field("posted", model.Unit("dateTimeAsIso"), model.Width(165)).
			Field("platform", model.Width(90)).Field("kind", model.Width(70)).
			Field("text", model.Wide(380)).
			Field("side", append(model.Colored("^(coordinated)$", model.Coordinated, "^(declared)$", model.Declared, "^(early sign)$", model.Early, "^(organic)$", model.Organic), model.Width(110))...),
		model.Rows(20, "Links", "Links in the posts, the fifty most used, as they stand in the posts; reposts count as the posts they pass on. They are text, so that nobody opens one by accident. A link that many share may be news."+twoDays,
			12, 10, s.table("reach/links")).Unit("short", "no links in the last two days shown").
			Field("link", model.Wide(300)).
			Field("coordinated share", model.Unit("percentunit"), model.Digits(1)),
		model.Rows(21, "Tags used together", "Pairs of tags in the same posts, the fifty most frequent; of a chosen tag, what it is used with; among the forty most used tags and the chosen one, so rare pairs are missing. Attackers push tags by pairing them with a popular one, and so does everybody else."+twoDays,
			12, 10, s.table("reach/co_tags")).Unit("short", "no pairs of tags in the last two days shown").
			Field("coordinated share", model.Unit("percentunit"), model.Digits(1)),
	)
}
