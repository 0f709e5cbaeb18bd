started_at <= $__toTime AND ended_at >= $__fromTime
