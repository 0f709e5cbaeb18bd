-- Posts and accounts over all campaigns, as far back as they go: what belongs to
-- several campaigns counts in each.
SELECT sum(reach.posts) AS posts, sum(reach.accounts) AS accounts
FROM reach FINAL
WHERE step = 0
