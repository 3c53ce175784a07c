-- Whatever a broker has taken can be set aside, and whatever it does not take is set aside.

-- Keys have any length and any bytes, so they are looked up by their SHA-256: a B-tree takes no entry above a third of a page. An
-- expression, so that rows written by an older version are found as well. `key_hash` is there for the letters without a key of
-- their own, below.
--
-- Topic and condition are expressions as well: so no other index is of use for what looks keys up. With statistics from when there
-- were few letters, PostgreSQL takes any index of open ones for as good, and then reads every open letter for each key.
ALTER TABLE chassis.dead_letter
    -- The headers with all their bytes, when the texts in "headers" do not tell them: names and values that are not text,
    -- headers without a value, and those that are there more than once. Each: length and bytes of the name, of the value.
    ADD COLUMN header_bytes BYTEA,
    -- Milliseconds since 1970, as they came, when "record_time" cannot say them.
    ADD COLUMN record_timestamp TEXT,
    -- A letter that could not be kept whole: why not, and the SHA-256 of what is missing.
    ADD COLUMN reduced_because TEXT,
    ADD COLUMN key_hash BYTEA,
    ADD COLUMN value_hash BYTEA;
DROP INDEX chassis.dead_letter_open_idx;
CREATE INDEX dead_letter_open_idx ON chassis.dead_letter((topic || ''), coalesce(key_hash, sha256(key)), position)
    WHERE coalesce(settled_at, 'infinity') = 'infinity';

-- A record without a key has none on the dead-letter topic either. What did not fit on it is told in a header of its own.
ALTER TABLE chassis.dead_letter_outbox ALTER COLUMN aggregateid DROP NOT NULL;
ALTER TABLE chassis.dead_letter_outbox ADD COLUMN x_truncated TEXT NOT NULL DEFAULT '';

-- Rows of an outbox that the broker refused for good, and later events of the same key, which wait behind them. The rows stay
-- in their table, and are published when an operator has asked for it.
CREATE TABLE chassis.relay_aside (
    outbox TEXT NOT NULL,
    position BIGINT NOT NULL,
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    key TEXT,
    key_hash BYTEA,
    -- null: it was not refused, and waits.
    error_code TEXT,
    error_message TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    set_aside_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    -- What an operator wants, until the relay has done it.
    wanted TEXT,
    CONSTRAINT relay_aside_pkey PRIMARY KEY (outbox, position),
    CONSTRAINT relay_aside_wanted CHECK (wanted IN ('retry', 'discard'))
);
CREATE INDEX relay_aside_key_idx ON chassis.relay_aside(topic, key_hash, position);
