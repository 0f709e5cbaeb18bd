INNER JOIN
(
    SELECT platform, post_id, text, deleted FROM posts FINAL
    WHERE campaign = ${campaign:singlequote} AND id_hour IN (SELECT lies FROM shown) AND post_id IN (SELECT post_id FROM shown)
) AS p ON p.platform = s.platform AND p.post_id = s.post_id
