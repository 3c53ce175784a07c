-- One row for each order, by its key: no redelivery, however late, can charge twice. Written a few times in its life, on
-- the same page if there is room.
CREATE TABLE "payment" (
    "order_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "payment_id" UUID,
    "customer_id" TEXT,
    "items" JSONB,
    "amount" BIGINT,
    "currency" TEXT,
    "payment_token" TEXT,
    "approval_expires_at" TIMESTAMPTZ(3),
    "charge_id" TEXT,
    "refund_id" TEXT,
    "failure" TEXT,
    "undo_reason" TEXT,
    "detail" TEXT,
    "refund_attempts" INTEGER,
    "next_attempt_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "payment_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "payment_status" CHECK ("status" IN ('AWAITING_APPROVAL', 'CHARGING', 'COMPLETED', 'FAILED', 'REFUNDING',
                                                    'REFUND_FAILED', 'REFUNDED', 'VOID')),
    -- Each state has its fields, so that a row can be read back as its state and as nothing else.
    CONSTRAINT "payment_due" CHECK (num_nulls("payment_id", "customer_id", "items", "amount", "currency")
                                    = CASE WHEN "status" = 'VOID' THEN 5 ELSE 0 END),
    CONSTRAINT "payment_approval" CHECK (num_nonnulls("payment_token", "approval_expires_at")
                                         = CASE WHEN "status" = 'AWAITING_APPROVAL' THEN 2 ELSE 0 END),
    CONSTRAINT "payment_failure" CHECK (("failure" IS NOT NULL) = ("status" = 'FAILED')),
    CONSTRAINT "payment_detail" CHECK (("detail" IS NOT NULL) = ("status" IN ('FAILED', 'REFUND_FAILED'))),
    CONSTRAINT "payment_charge" CHECK (("charge_id" IS NOT NULL)
                                       = ("status" IN ('COMPLETED', 'REFUNDING', 'REFUND_FAILED', 'REFUNDED'))),
    CONSTRAINT "payment_undo" CHECK ("status" = 'CHARGING' OR ("undo_reason" IS NOT NULL)
                                     = ("status" IN ('REFUNDING', 'REFUND_FAILED', 'REFUNDED'))),
    CONSTRAINT "payment_attempts" CHECK (("refund_attempts" IS NOT NULL)
                                         = ("status" IN ('REFUNDING', 'REFUND_FAILED', 'REFUNDED'))),
    CONSTRAINT "payment_next_attempt" CHECK ("next_attempt_at" IS NULL OR "status" = 'REFUND_FAILED'),
    CONSTRAINT "payment_refund" CHECK (("refund_id" IS NOT NULL) = ("status" = 'REFUNDED'))
) WITH (fillfactor = 70);

-- A charge at the provider pays for one order.
CREATE UNIQUE INDEX "payment_charge_id_key" ON "payment"("charge_id");
