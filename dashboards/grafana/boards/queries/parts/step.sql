multiIf($__interval_s <= 120, 60, $__interval_s <= 7200, 3600, 86400)
