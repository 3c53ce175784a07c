-- What a poller asks each second: the tasks that were tried in vain, and the records that the broker refused.
--
-- Both indexes are partial, so that they cost nothing where messages go: a task that is new, claimed or done was never in one. A
-- task enters it when an attempt had no answer, and that update moves `due_at`, which is indexed anyway.
CREATE INDEX task_unanswered_idx ON chassis.task(id) WHERE last_error IS NOT NULL;
CREATE INDEX relay_aside_refused_idx ON chassis.relay_aside(set_aside_at) WHERE error_code IS NOT NULL;
