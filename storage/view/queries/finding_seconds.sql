-- How many posts of a finding lie in each stretch of so many seconds, by the account if
-- it has no more than so many, else by the kind of object: each post once, at the kind
-- that the list of posts names.
WITH
    (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String}) AS newest,
    told AS
    (
        SELECT platform, post_id, any(account_id) AS account_id, min(object_kind) AS object_kind, any(at) AS at
        FROM finding_posts FINAL
        WHERE campaign = {campaign:String} AND finding_id = {id:String} AND version = newest
        GROUP BY platform, post_id
    ),
    (SELECT uniqExact(platform, account_id) FROM told) <= {accounts:UInt32} AS few
SELECT
    toDateTime(intDiv(toUnixTimestamp(at), {step:UInt32}) * {step:UInt32}, 'UTC') AS begins,
    if(few, toString(platform), '') AS by_platform,
    if(few, account_id, '') AS by_account,
    if(few, '', toString(object_kind)) AS by_kind,
    count() AS posts
FROM told
WHERE at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
GROUP BY begins, by_platform, by_account, by_kind
ORDER BY begins, by_platform, by_account, by_kind
