FROM gaps FINAL
INNER JOIN {{watched}} USING (source)
WHERE (campaign = ${campaign:singlequote} OR campaign = '' AND coalesce(to_at, $__toTime) > watched_since)
    AND from_at <= $__toTime AND (to_at IS NULL OR to_at >= $__fromTime)
