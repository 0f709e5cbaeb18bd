FROM reach FINAL
    WHERE {{scope}}
        AND step = {{step}} AND $__timeFilter(at)
    GROUP BY at
