-- Due tasks are looked for name by name. While the calls of one name wait for a side that is away, or for a free place, the
-- others were looked for among all that were due: each look read the whole backlog.
--
-- An expression, so that this index is of no use for what looks tasks up by name and key. With statistics from when there were
-- none, PostgreSQL takes an index that begins with the name for as good as the primary key, and then reads every task of the name.
CREATE INDEX task_name_due_at_idx ON chassis.task((name || ''), due_at);
DROP INDEX chassis.task_due_at_idx;
