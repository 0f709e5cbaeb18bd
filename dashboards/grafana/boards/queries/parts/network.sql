-- The accounts with the most bits and the objects with the most accounts.
    members AS
    (
        SELECT platform, account_id, bits, posts, first_at, signals FROM finding_accounts FINAL
        WHERE {{mine}}
        ORDER BY bits DESC, platform, account_id
        LIMIT 170
    ),
    things AS
    (
        SELECT object_kind, object_id, label, accounts FROM finding_objects FINAL
        WHERE {{mine}}
        ORDER BY accounts DESC, object_kind, object_id
        LIMIT 30
    )
