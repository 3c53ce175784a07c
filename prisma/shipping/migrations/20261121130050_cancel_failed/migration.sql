-- A cancellation that the carrier refuses is a state of its own: tried again, then settled by a person.
ALTER TABLE "shipment"
    ADD COLUMN "cancel_attempts" INTEGER,
    ADD COLUMN "next_attempt_at" TIMESTAMPTZ(3),
    DROP CONSTRAINT "shipment_status",
    DROP CONSTRAINT "shipment_acceptance",
    DROP CONSTRAINT "shipment_detail";
UPDATE "shipment" SET "cancel_attempts" = 0 WHERE "status" IN ('CANCELLING', 'CANCELLED');
ALTER TABLE "shipment"
    ADD CONSTRAINT "shipment_status" CHECK ("status" IN ('BOOKING', 'SCHEDULED', 'FAILED', 'CANCELLING', 'CANCEL_FAILED',
                                                         'CANCELLED', 'RESOLVED', 'VOID')),
    ADD CONSTRAINT "shipment_acceptance" CHECK (num_nonnulls("booking_id", "carrier", "tracking_number")
        = CASE WHEN "status" IN ('SCHEDULED', 'CANCELLING', 'CANCEL_FAILED', 'CANCELLED', 'RESOLVED') THEN 3 ELSE 0 END),
    ADD CONSTRAINT "shipment_detail" CHECK (("detail" IS NOT NULL) = ("status" IN ('FAILED', 'CANCEL_FAILED', 'RESOLVED'))),
    ADD CONSTRAINT "shipment_cancel_attempts" CHECK (("cancel_attempts" IS NOT NULL)
        = ("status" IN ('CANCELLING', 'CANCEL_FAILED', 'CANCELLED', 'RESOLVED'))),
    ADD CONSTRAINT "shipment_next_attempt" CHECK ("next_attempt_at" IS NULL OR "status" = 'CANCEL_FAILED');
