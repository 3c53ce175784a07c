-- Which orders have a conductor. What the service then hears of an order it leaves to the conductor's commands.
-- A tombstone is left before the order is known, and with it its style.
ALTER TABLE "shipment"
    ADD COLUMN "orchestrated" BOOLEAN NOT NULL DEFAULT false,
    ADD CONSTRAINT "shipment_orchestrated" CHECK (NOT "orchestrated" OR "status" <> 'VOID');
