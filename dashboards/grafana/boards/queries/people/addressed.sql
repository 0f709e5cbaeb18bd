-- Posts that mention, answer or quote them, whether part of a pile-on or not. A target
-- is an account's id, or a handle where no post told the id.
WITH (SELECT groupUniqArray(target) FROM findings FINAL WHERE {{pile_ons}}) AS targets
SELECT
    toStartOfInterval(posted_at, INTERVAL greatest(60, $__interval_s) second) AS time,
    countIf(side IN ('organic', 'early sign')) AS "organic",
    countIf(side = 'declared') AS "declared",
    countIf(side = 'coordinated') AS "coordinated"
FROM
(
    SELECT p.posted_at AS posted_at, {{on_side}} AS side
    FROM
    (
        SELECT platform, account_id, posted_at
        FROM posts FINAL
        WHERE {{recent}}
            AND (hasAny(mentions, targets) OR has(targets, reply_to_account) OR has(targets, quote_of_account) OR hasAny(arrayMap(h -> lower(h), mention_handles), targets))
    ) AS p
    {{sided}}
)
GROUP BY time
ORDER BY time
