-- One row for each order, by its key: no redelivery, however late, can ship twice. Written a few times in its life, on the
-- same page if there is room.
CREATE TABLE "shipment" (
    "order_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "shipment_id" UUID,
    "items" JSONB,
    "order_cancelled" BOOLEAN,
    "booking_id" TEXT,
    "carrier" TEXT,
    "tracking_number" TEXT,
    "detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "shipment_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "shipment_status" CHECK ("status" IN ('BOOKING', 'SCHEDULED', 'FAILED', 'CANCELLING', 'CANCELLED', 'VOID')),
    -- Each state has its fields, so that a row can be read back as its state and as nothing else.
    CONSTRAINT "shipment_parcel" CHECK (num_nulls("shipment_id", "items") = CASE WHEN "status" = 'VOID' THEN 2 ELSE 0 END),
    CONSTRAINT "shipment_order_cancelled" CHECK ("order_cancelled" IS NULL OR "order_cancelled" AND "status" = 'BOOKING'),
    CONSTRAINT "shipment_acceptance" CHECK (num_nonnulls("booking_id", "carrier", "tracking_number")
        = CASE WHEN "status" IN ('SCHEDULED', 'CANCELLING', 'CANCELLED') THEN 3 ELSE 0 END),
    CONSTRAINT "shipment_detail" CHECK (("detail" IS NOT NULL) = ("status" = 'FAILED'))
) WITH (fillfactor = 70);

-- A booking at the carrier is for one order.
CREATE UNIQUE INDEX "shipment_booking_id_key" ON "shipment"("booking_id");
