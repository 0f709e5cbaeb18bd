-- The version of a finding's row: as long as it is the same, so is the evidence.
SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String}
