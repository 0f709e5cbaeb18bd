-- All objects of a finding, in the order of kind and id.
SELECT object_kind, object_id, label, accounts, first_at, last_at
FROM finding_objects FINAL
WHERE campaign = {campaign:String} AND finding_id = {id:String}
    AND version = (SELECT max(version) FROM findings WHERE campaign = {campaign:String} AND finding_id = {id:String})
ORDER BY object_kind, object_id
