-- What is to be erased, by kind of name. It lies in memory alone: the statements that
-- erase are kept on disk for a while, and name this table and nobody.
CREATE TABLE forgotten
(
    what      String COMMENT 'account, handle, prefix, post, naming, repost, finding, label, campaign, full, short',
    platform  String COMMENT 'empty: not one of a platform',
    value     String
)
ENGINE = Memory
