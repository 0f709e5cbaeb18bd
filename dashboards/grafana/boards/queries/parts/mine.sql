campaign = ${campaign:singlequote} AND finding_id = ${finding:singlequote}
        AND version = (SELECT max(version) FROM findings WHERE campaign = ${campaign:singlequote} AND finding_id = ${finding:singlequote})
