-- The log of sagas that have a conductor: where each stands, written before and after each of its steps.
CREATE TABLE "saga" (
    "saga_id" UUID NOT NULL,
    "definition" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    "context" JSON NOT NULL,
    "cause" JSONB,
    "rounds" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "saga_pkey" PRIMARY KEY ("saga_id"),
    CONSTRAINT "saga_status" CHECK ("status" IN ('STARTED', 'COMPLETED', 'COMPENSATING', 'FAILED', 'COMPENSATION_FAILED'))
) WITH (fillfactor = 70);
-- What is not ended is looked for, by version and by status; the index stays as small as that.
CREATE INDEX "saga_open_idx" ON "saga"("saga_id") WHERE "ended_at" IS NULL;

-- One row for each line of the table that a saga is conducted by, in its order.
CREATE TABLE "saga_step" (
    "saga_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "started_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "detail" TEXT,
    "compensation" TEXT,
    "compensation_attempts" INTEGER,
    "compensation_started_at" TIMESTAMPTZ(3),
    "compensation_ended_at" TIMESTAMPTZ(3),
    "compensation_detail" TEXT,
    CONSTRAINT "saga_step_pkey" PRIMARY KEY ("saga_id", "position"),
    CONSTRAINT "saga_step_status" CHECK ("status" IN ('PENDING', 'RUNNING', 'WAITING', 'DONE', 'REFUSED', 'UNKNOWN')),
    CONSTRAINT "saga_step_compensation" CHECK ("compensation" IN ('RUNNING', 'WAITING', 'DONE', 'FAILED', 'RESOLVED'))
) WITH (fillfactor = 70);
