(${tag:singlequote} = '*' OR has(tags, ${tag:singlequote})) AND (${language:singlequote} = '*' OR lang = ${language:singlequote})
