campaign = ${campaign:singlequote} AND finding_id = ${finding:singlequote}
