-- What the console keeps. `record` and `saga` are made of the topics alone and can be made anew from them: nothing in them
-- tells when it was read, by whom, or in which order.

-- Written once, never changed. The key makes a record that is read twice harmless.
CREATE TABLE "record" (
    "topic" TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,
    "said_at" TIMESTAMPTZ(3),
    "key" TEXT,
    "type" TEXT,
    "owner" TEXT,
    "event_id" UUID,
    "saga_id" UUID,
    "causation_id" UUID,
    "trace_id" TEXT,
    "depth" INTEGER NOT NULL DEFAULT 1,
    "schema_id" INTEGER,
    "is_event" BOOLEAN NOT NULL,
    "payload" JSONB,
    "headers" JSONB NOT NULL,
    "broken_code" TEXT,
    "broken_message" TEXT,
    "broken_hex" TEXT,
    "bytes" INTEGER NOT NULL,
    CONSTRAINT "record_pkey" PRIMARY KEY ("topic", "partition", "offset"),
    -- An event of a saga has what one is read by.
    CONSTRAINT "record_event" CHECK (NOT "is_event" OR num_nulls("said_at", "type", "owner", "event_id", "saga_id",
                                                                 "schema_id", "payload") = 0),
    CONSTRAINT "record_broken" CHECK (num_nulls("broken_code", "broken_message", "broken_hex") IN (0, 3))
);

CREATE INDEX "record_saga" ON "record"("saga_id");
CREATE INDEX "record_event_id" ON "record"("event_id");
-- Newest first, in each topic and in all of them.
CREATE INDEX "record_published" ON "record"("published_at", "topic", "partition", "offset");
CREATE INDEX "record_topic_published" ON "record"("topic", "published_at", "partition", "offset");
-- What has another key than its saga's id is rare.
CREATE INDEX "record_key" ON "record"("key") WHERE "key" IS NOT NULL AND "key" IS DISTINCT FROM "saga_id"::text;
CREATE INDEX "record_trace" ON "record"("trace_id");

-- Open ones are few and change with each of their events: they are looked for in memory, and only their end writes an index.
CREATE TABLE "saga" (
    "order_id" UUID NOT NULL,
    "open" BOOLEAN NOT NULL,
    "style" TEXT NOT NULL,
    "outcome" TEXT,
    "customer_id" TEXT,
    "total" BIGINT,
    "skus" TEXT[] NOT NULL,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "since" TIMESTAMPTZ(3) NOT NULL,
    "trace_id" TEXT,
    "bytes" BIGINT NOT NULL,
    "summary" JSONB NOT NULL,
    CONSTRAINT "saga_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "saga_ended" CHECK ("open" OR "ended_at" IS NOT NULL)
) WITH (fillfactor = 70);

CREATE INDEX "saga_open" ON "saga"("order_id") WHERE "open";
-- The list, newest first, and how many: what it is filtered by is read from the index alone.
CREATE INDEX "saga_ended_at" ON "saga"("ended_at", "order_id")
    INCLUDE ("outcome", "style", "total", "placed_at", "since", "customer_id") WHERE NOT "open";
CREATE INDEX "saga_placed_at" ON "saga"("placed_at") WHERE NOT "open";
CREATE INDEX "saga_customer" ON "saga"("customer_id" text_pattern_ops, "ended_at", "order_id") WHERE NOT "open";
CREATE INDEX "saga_trace" ON "saga"("trace_id") WHERE NOT "open";
CREATE INDEX "saga_skus" ON "saga" USING gin ("skus") WHERE NOT "open";
-- People know the last digits of an id.
CREATE INDEX "saga_id_end" ON "saga"(reverse("order_id"::text) text_pattern_ops) WHERE NOT "open";

CREATE TABLE "projection" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "generation" INTEGER NOT NULL DEFAULT 1,
    "rebuild_started_at" TIMESTAMPTZ(3),
    "rebuild_seen_at" TIMESTAMPTZ(3),
    "rebuild_done" BIGINT,
    "rebuild_of" BIGINT,
    CONSTRAINT "projection_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "projection_one_row" CHECK ("id" = 1)
);
INSERT INTO "projection" DEFAULT VALUES;
