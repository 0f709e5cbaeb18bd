SELECT accounts AS "accounts", posts AS "posts", objects AS "shared objects"
FROM findings FINAL
WHERE {{this}}
