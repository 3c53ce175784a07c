-- A popular product's row is updated by every batch. Half of each page stays free, so that the new version of a row
-- finds room beside the old one and no index is touched (a heap-only update).
CREATE TABLE "stock" (
    "sku" TEXT NOT NULL,
    "initial" BIGINT NOT NULL,
    "restocked" BIGINT NOT NULL DEFAULT 0,
    "available" BIGINT NOT NULL,
    "reserved" BIGINT NOT NULL DEFAULT 0,
    "shipped" BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT "stock_pkey" PRIMARY KEY ("sku"),
    CONSTRAINT "stock_never_negative" CHECK ("available" >= 0 AND "reserved" >= 0 AND "shipped" >= 0 AND "restocked" >= 0),
    CONSTRAINT "stock_conserved" CHECK ("initial" + "restocked" = "available" + "reserved" + "shipped")
) WITH (fillfactor = 50);

-- One for each order, by its key: no redelivery, however late, can reserve twice. Written once when it is made and once
-- when it ends, on the same page if there is room.
CREATE TABLE "reservation" (
    "order_id" UUID NOT NULL,
    "status" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "reservation_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "reservation_status" CHECK ("status" IN ('RESERVED', 'FAILED', 'RELEASED', 'SHIPPED', 'VOID'))
) WITH (fillfactor = 70);

CREATE TABLE "restock" (
    "id" UUID NOT NULL,
    "sku" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "restock_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "restock_positive" CHECK ("quantity" > 0)
);
CREATE INDEX "restock_sku_created_at_idx" ON "restock"("sku", "created_at");

-- SKU-001 to SKU-100. SKU-050 is the rush, SKU-099 is out of stock.
INSERT INTO "stock" ("sku", "initial", "available")
SELECT sku, units, units
FROM (
    SELECT 'SKU-' || lpad(n::text, 3, '0') AS sku, CASE n WHEN 50 THEN 50 WHEN 99 THEN 0 ELSE 1000000 END AS units
    FROM generate_series(1, 100) AS n
) AS seed;
