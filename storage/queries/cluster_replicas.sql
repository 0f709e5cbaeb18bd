-- On how many nodes each row of a cluster is, at the most; 0: no such cluster is
-- known here.
SELECT max(replicas)
FROM (SELECT count() AS replicas FROM system.clusters WHERE cluster = {cluster:String} GROUP BY shard_num)
