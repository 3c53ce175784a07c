-- The tables of the chassis, in a schema of their own beside the tables of the service.

-- Debezium's EventRouter columns, and one column for each further header. INSERT-only: the relay keeps its state in its
-- replication slot. The order on the topic is the order of commits.
CREATE TABLE chassis.outbox (
    id UUID NOT NULL,
    aggregatetype TEXT NOT NULL,
    aggregateid TEXT NOT NULL,
    type TEXT NOT NULL,
    payload BYTEA NOT NULL,
    ce_specversion TEXT NOT NULL DEFAULT '1.0',
    ce_source TEXT NOT NULL,
    ce_time TEXT NOT NULL,
    ce_correlationid TEXT NOT NULL,
    ce_causationid TEXT NOT NULL,
    content_type TEXT NOT NULL DEFAULT 'application/avro',
    traceparent TEXT,
    tracestate TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (id)
);

-- One row for each event that took effect or was ignored. The same id with another payload hash is an alarm.
CREATE TABLE chassis.inbox (
    event_id UUID NOT NULL,
    payload_hash BYTEA NOT NULL,
    ignored_because TEXT,
    received_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT inbox_pkey PRIMARY KEY (event_id)
);

-- Calls to the outside and timers, pending. At most one of a name for each key; deleted in the transaction of its outcome.
CREATE TABLE chassis.task (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    data JSONB NOT NULL,
    due_at TIMESTAMPTZ(3) NOT NULL,
    leased_until TIMESTAMPTZ(3),
    attempts INTEGER NOT NULL DEFAULT 0,
    last_error TEXT,
    correlation_id TEXT NOT NULL,
    causation_id TEXT NOT NULL,
    traceparent TEXT,
    tracestate TEXT,
    CONSTRAINT task_pkey PRIMARY KEY (name, key)
);
CREATE INDEX task_due_at_idx ON chassis.task(due_at);

-- The answer of a command, kept in the transaction of its effect, for a client that asks again with the same key.
CREATE TABLE chassis.idempotency_key (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    headers JSONB NOT NULL,
    body JSON NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT idempotency_key_pkey PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_created_at_idx ON chassis.idempotency_key(created_at);

-- Messages that could not be handled, with their bytes.
CREATE TABLE chassis.dead_letter (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    event_id TEXT,
    key BYTEA,
    value BYTEA,
    headers JSONB NOT NULL,
    error_code TEXT NOT NULL,
    error_message TEXT NOT NULL,
    received_at TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT dead_letter_pkey PRIMARY KEY (topic, partition, "offset")
);

-- The relay streams exactly this.
CREATE PUBLICATION outbox FOR TABLE chassis.outbox WITH (publish = 'insert');
