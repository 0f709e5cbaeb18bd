INNER JOIN
(
    SELECT platform, post_id, text, deleted FROM posts FINAL
    -- By their whole key, and before texts are read.
    PREWHERE campaign = ${campaign:singlequote} AND (id_hour, platform, post_id) IN (SELECT lies, platform, post_id FROM shown)
) AS p ON p.platform = s.platform AND p.post_id = s.post_id
