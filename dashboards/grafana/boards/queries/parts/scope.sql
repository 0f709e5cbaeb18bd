campaign = ${campaign:singlequote} AND platform IN (${platform:singlequote})
        AND tag = if(${tag:singlequote} = '*', '', ${tag:singlequote}) AND lang = if(${language:singlequote} = '*', '', ${language:singlequote})
