(finding_id, version) IN (SELECT finding_id, version FROM finding_accounts FINAL WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}))
