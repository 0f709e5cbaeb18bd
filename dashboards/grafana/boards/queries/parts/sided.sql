LEFT JOIN (SELECT * FROM sides WHERE campaign = ${campaign:singlequote}) AS s ON s.platform = p.platform AND s.account_id = p.account_id
