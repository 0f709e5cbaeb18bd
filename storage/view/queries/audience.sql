-- Unique accounts of a campaign in a span of whole hours and their followers, each
-- account with the number told last: what the hours add to spans that begin where this
-- one does. Whole days are read as days. Of a time before posts were let go of nobody
-- knows who posted.
WITH
    greatest({from:DateTime('UTC')}, (SELECT max(before) FROM horizons WHERE campaign = {campaign:String})) AS begin,
    toStartOfDay({from:DateTime('UTC')} + INTERVAL 86399 SECOND, 'UTC') AS first_day,
    toStartOfDay({to:DateTime('UTC')}, 'UTC') AS end_day
SELECT
    toUInt64(sum(n_accounts)) AS accounts,
    toUInt64(sum(n_known)) AS reach_known,
    toUInt64(sum(n_reach)) AS potential_reach,
    toUInt64(sum(n_coordinated)) AS coordinated_accounts,
    toUInt64(sum(n_sure)) AS sure_accounts,
    toUInt64(sum(n_coordinated_reach)) AS coordinated_reach,
    toUInt64(sum(n_declared)) AS declared_accounts,
    toUInt64(sum(n_early)) AS early_accounts
FROM
(
    SELECT
        b.accounts AS n_accounts, b.reach_known AS n_known, b.potential_reach AS n_reach, b.coordinated_accounts AS n_coordinated,
        b.sure_accounts AS n_sure, b.coordinated_reach AS n_coordinated_reach, b.declared_accounts AS n_declared, b.early_accounts AS n_early
    FROM audience AS b FINAL
    WHERE campaign = {campaign:String} AND step = 86400 AND at >= first_day AND at < end_day AND since >= begin
    UNION ALL
    SELECT
        b.accounts, b.reach_known, b.potential_reach, b.coordinated_accounts,
        b.sure_accounts, b.coordinated_reach, b.declared_accounts, b.early_accounts
    FROM audience AS b FINAL
    WHERE campaign = {campaign:String} AND step = 3600
        AND at >= {from:DateTime('UTC')} AND at < {to:DateTime('UTC')} AND NOT (at >= first_day AND at < end_day) AND since >= begin
)
