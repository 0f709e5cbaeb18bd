campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote}) AND tag = '' AND lang = ''
