if(toUnixTimestamp($__toTime) - toUnixTimestamp($__fromTime) > 172800, 3600, 60)
