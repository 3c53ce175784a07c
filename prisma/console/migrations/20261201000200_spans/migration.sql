-- Spans as services have sent them. Nothing rests on them, so they are not logged: a crash of PostgreSQL loses them, and
-- the relays of the services need not read over them in the write-ahead log.
--
-- Two halves take turns: when one is full, the older is emptied. So nothing is ever deleted row by row.
CREATE TABLE "span" (
    "half" SMALLINT NOT NULL,
    "trace_id" UUID NOT NULL,
    "span_id" TEXT NOT NULL,
    "parent_id" TEXT,
    "saga_id" UUID,
    "event_id" TEXT,
    "service" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" SMALLINT NOT NULL,
    "start_us" BIGINT NOT NULL,
    "duration_us" BIGINT NOT NULL,
    "failed" BOOLEAN NOT NULL,
    "attributes" TEXT NOT NULL,
    CONSTRAINT "span_pkey" PRIMARY KEY ("half", "trace_id", "span_id")
) PARTITION BY LIST ("half");

CREATE UNLOGGED TABLE "span_0" PARTITION OF "span" FOR VALUES IN (0);
CREATE UNLOGGED TABLE "span_1" PARTITION OF "span" FOR VALUES IN (1);

CREATE INDEX "span_saga" ON "span"("saga_id") WHERE "saga_id" IS NOT NULL;
