-- Posts that mention, answer or quote them, whether part of a pile-on or not. A target
-- is an account's id, or a handle where no post told the id. Sets, in which targets are
-- looked up by their hash: of a month there may be hundreds of them.
WITH aimed AS (SELECT DISTINCT target FROM findings FINAL WHERE {{pile_ons}})
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
            AND (reply_to_account IN (SELECT target FROM aimed) OR quote_of_account IN (SELECT target FROM aimed)
                OR arrayExists(m -> m IN (SELECT target FROM aimed), mentions) OR arrayExists(h -> lower(h) IN (SELECT target FROM aimed), mention_handles))
    ) AS p
    {{sided}}
)
GROUP BY time
ORDER BY time
