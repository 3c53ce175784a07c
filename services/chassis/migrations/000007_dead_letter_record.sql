-- A dead letter is known by its record, and not by the record's place alone: when a topic is deleted and made again its offsets begin
-- anew, and another record at the same place is another letter. A redelivery has the same time, key and value.
ALTER TABLE chassis.dead_letter
    -- Of a record that was kept reduced, the hashes are all there is. A record without a key is not one with an empty key.
    ADD COLUMN content_hash BYTEA NOT NULL GENERATED ALWAYS AS (
        sha256(coalesce(key_hash, sha256(key), '\x00') || coalesce(value_hash, sha256(value), '\x00'))) STORED,
    DROP CONSTRAINT dead_letter_record,
    ADD CONSTRAINT dead_letter_record UNIQUE (topic, partition, "offset", record_time, content_hash);
