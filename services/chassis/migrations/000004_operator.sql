-- What operators look at: dead letters newest first, how many are open and since when, the replays of one letter.
CREATE UNIQUE INDEX dead_letter_position_key ON chassis.dead_letter(position);
CREATE INDEX dead_letter_status_idx ON chassis.dead_letter(status, received_at) WHERE settled_at IS NULL;
CREATE INDEX dead_letter_replay_item_letter_id_idx ON chassis.dead_letter_replay_item(letter_id);
