-- A refund that the provider refuses may be settled by hand: an end of its own, without the provider's reference.
ALTER TABLE "payment"
    DROP CONSTRAINT "payment_status",
    DROP CONSTRAINT "payment_detail",
    DROP CONSTRAINT "payment_charge",
    DROP CONSTRAINT "payment_undo",
    DROP CONSTRAINT "payment_attempts",
    ADD CONSTRAINT "payment_status" CHECK ("status" IN ('AWAITING_APPROVAL', 'CHARGING', 'COMPLETED', 'FAILED', 'REFUNDING',
                                                        'REFUND_FAILED', 'REFUNDED', 'RESOLVED', 'VOID')),
    ADD CONSTRAINT "payment_detail" CHECK (("detail" IS NOT NULL) = ("status" IN ('FAILED', 'REFUND_FAILED', 'RESOLVED'))),
    ADD CONSTRAINT "payment_charge" CHECK (("charge_id" IS NOT NULL)
                                           = ("status" IN ('COMPLETED', 'REFUNDING', 'REFUND_FAILED', 'REFUNDED', 'RESOLVED'))),
    ADD CONSTRAINT "payment_undo" CHECK ("status" = 'CHARGING' OR ("undo_reason" IS NOT NULL)
                                         = ("status" IN ('REFUNDING', 'REFUND_FAILED', 'REFUNDED', 'RESOLVED'))),
    ADD CONSTRAINT "payment_attempts" CHECK (("refund_attempts" IS NOT NULL)
                                             = ("status" IN ('REFUNDING', 'REFUND_FAILED', 'REFUNDED', 'RESOLVED')));

-- A refused refund waits on a timer now, no longer on a delayed call: while it waits, nobody asks the provider.
UPDATE "chassis"."task" SET "name" = 'RefundRetry', "kind" = 'timer', "data" = jsonb_build_object('orderId', "key"), "attempts" = 0
FROM "payment"
WHERE "task"."name" = 'Refund' AND "payment"."order_id"::text = "task"."key" AND "payment"."status" = 'REFUND_FAILED';
