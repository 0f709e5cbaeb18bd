campaign = ${campaign:singlequote} AND {{standing}} AND target != '' AND (${target:singlequote} = '*' OR target = ${target:singlequote}) AND {{overlaps}}
        AND {{here}}
