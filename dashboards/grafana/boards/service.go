package boards

import "winnow/dashboards/grafana/model"

// service answers: does Winnow itself keep up?
func service() model.Dashboard {
	const none = "no metrics in this time: Prometheus may not reach Winnow"
	late := func(metric, by string) string {
		if by != "" {
			by = ", " + by
		}
		return "histogram_quantile(0.95, sum by (le" + by + ") (rate(" + metric + "_bucket[$__rate_interval])))"
	}
	rate := func(metric string) string { return "rate(" + metric + "[$__rate_interval])" }
	return model.New("winnow-service", "Service",
		"Whether Winnow itself keeps up: what comes in, what waits, how long writing takes, what failed, and what fills up. All times are UTC. From Prometheus; it says nothing about campaigns.",
		nil, nil,
		model.Lines(1, "Posts a second", "Posts that the log took, that were taken from it, and rows written to the store: one for each campaign that a post belongs to. Posts written twice count twice, so this is work and not reach.",
			12, 8, model.Over(rate("winnow_log_published_posts_total"), "into the log"),
			model.Over(rate("winnow_pipeline_posts_total"), "out of the log").As("B"),
			model.Over(rate("winnow_pipeline_rows_total"), "rows for campaigns").As("C")).Unit("cps", none),
		model.Lines(2, "Waiting in the log", "Messages of the log that are not acknowledged yet. A message holds many posts. A line that rises for minutes means that the store does not keep up; nothing is lost until the log is full.",
			12, 8, model.Over("winnow_log_lag_messages", "messages")).Unit("short", none).Digits(0),
		model.Lines(3, "How old the newest stored post is", "Time since the newest post that was stored since the start was posted. In a quiet campaign that is long and no fault: look whether posts wait in the log.",
			12, 8, model.Over("time() - (winnow_pipeline_newest_post_timestamp_seconds > 0)", "behind")).Unit("s", none),
		model.Lines(4, "How full the log is", "Bytes that the log holds on disk out of what it may hold. When it is full, sources wait and that is a gap; nothing that was taken is dropped.",
			12, 8, model.Over("winnow_log_stored_bytes / winnow_log_max_bytes", "full")).Unit("percentunit", none).Digits(1),
		model.Lines(5, "Time to write", "Ninety-five of a hundred inserts into the store took at most this long, by table; and the same for handing a batch to the log. Estimated from buckets that double, so within a factor of two.",
			12, 8, model.Over(late("winnow_store_insert_seconds", "table"), "insert into {{table}}"),
			model.Over(late("winnow_log_publish_seconds", ""), "publish to the log").As("B")).Unit("s", none),
		model.Lines(6, "Time to settle", "Ninety-five of a hundred passes of detection over a campaign, and of recomputing buckets, took at most this long. It bounds how late a finding can be, beside what the method itself waits for, and is not that delay.",
			12, 8, model.Over(late("winnow_settle_seconds", ""), "a campaign"),
			model.Over(late("winnow_store_recompute_seconds", "part"), "recompute {{part}}").As("B")).Unit("s", none),
		model.Lines(7, "Errors an hour", "What failed or was left out: passes of detection, batches that the log refused, messages tried again, posts dropped as unusable or in no campaign. A retry that succeeded lost nothing.",
			12, 8, model.Over("increase(winnow_settle_failures_total[1h])", "settling failed"),
			model.Over("sum by (reason) (increase(winnow_log_refused_total[1h]))", "log refused: {{reason}}").As("B"),
			model.Over("increase(winnow_log_retries_total[1h])", "message tried again").As("C"),
			model.Over("sum by (table) (increase(winnow_store_insert_failures_total[1h]))", "insert into {{table}} failed").As("F"),
			model.Over("sum by (reason) (increase(winnow_pipeline_dropped_posts_total[1h]))", "posts dropped: {{reason}}").As("D"),
			model.Over("sum by (source) (increase(winnow_collector_dropped_total[1h]))", "{{source}}: dropped").As("E")).Unit("short", none).Digits(0),
		model.Lines(8, "Bounds that were hit", "How often in an hour a campaign was looked at while a structure of the detector, or of finding changes, had no room for all of it. Evidence may be missing then; docs/detection.md says what each costs. None is usual.",
			12, 8, model.Over("increase(winnow_detector_limited_total[1h]) > 0", "{{structure}}"),
			model.Over("increase(winnow_change_limited_total[1h]) > 0", "changes: {{structure}}").As("B")).Unit("short", "no bound was hit, or no metrics").Digits(0),
		model.Lines(9, "Entries of bounded structures", "Size of each structure of the detector and of the writer's memories; each has a bound and stays below it. A level line at the bound forgets the oldest, which is no loss of posts.",
			12, 8, model.Over("winnow_detector_entries", "{{structure}}"),
			model.Over("winnow_store_sightings", "accounts remembered").As("B"),
			model.Over("winnow_store_first_sights", "posts remembered").As("C"),
			model.Over("winnow_settle_arrivals", "posts that wait for detection").As("D")).Unit("short", none).Digits(0),
		model.Lines(10, "Memory", "Memory of Winnow's process as the system counts it, what its heap holds, and the embedded engine's, which is a process of its own. The sum is not what all take together: pages that two use count in both.",
			12, 8, model.Over(`process_resident_memory_bytes{job="winnow"}`, "process"),
			model.Over(`go_memstats_heap_inuse_bytes{job="winnow"}`, "heap").As("B"),
			model.Over("winnow_engine_process_resident_memory_bytes", "engine").As("C"),
			model.Over("winnow_engine_memory_limit_bytes", "what the engine may take").As("D")).Unit("bytes", none),
	)
}
