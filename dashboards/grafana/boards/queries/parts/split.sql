SELECT
    g.at AS time,
    if(quiet OR posts > 0, toInt64(n) - n_coordinated, NULL) AS "not coordinated",
    if(quiet OR posts > 0, n_coordinated, NULL) AS "coordinated"
FROM grid AS g
