-- How deep an event lies in the tree of causes: 1 is the first event of a saga, any other lies one deeper than its cause. What was
-- written before counts as a first event. A constant default rewrites no table.
ALTER TABLE chassis.outbox ADD COLUMN ce_depth TEXT NOT NULL DEFAULT '1';
-- Of what set the call or timer.
ALTER TABLE chassis.task ADD COLUMN depth INTEGER NOT NULL DEFAULT 1;
-- Empty, like every header that the record did not have.
ALTER TABLE chassis.dead_letter_outbox ADD COLUMN ce_depth TEXT NOT NULL DEFAULT '';
