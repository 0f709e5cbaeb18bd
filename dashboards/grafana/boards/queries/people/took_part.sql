SELECT uniqExact(platform, account_id) AS "accounts"
FROM finding_accounts FINAL
WHERE campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})
    AND (finding_id, version) IN (SELECT finding_id, version FROM findings FINAL WHERE {{pile_ons}} AND declared = '' AND confidence != 'early')
