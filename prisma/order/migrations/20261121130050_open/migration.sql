-- Orders that are on their way, or owe their customer something: those that can be stuck. The one index that holds a column
-- that changes; it does so when the order ends, and the index then lets go of it, so that it stays as small as what is open.
ALTER TABLE "orders" ADD COLUMN "open" BOOLEAN NOT NULL DEFAULT true;
-- Of cancelled orders only the streams know what is owed: their next events tell; until then they count as closed.
UPDATE "orders" SET "open" = false WHERE "status" IN ('CONFIRMED', 'CANCELLED');
ALTER TABLE "orders" ALTER COLUMN "open" DROP DEFAULT;
CREATE INDEX "orders_open_idx" ON "orders"("order_id") WHERE "open";
