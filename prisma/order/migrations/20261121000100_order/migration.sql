-- Append-only. The primary key refuses a second event in the same place of a stream.
CREATE TABLE "order_event" (
    "order_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "order_event_pkey" PRIMARY KEY ("order_id", "version"),
    CONSTRAINT "order_event_version" CHECK ("version" >= 1)
);

-- Written when an order is placed and when its status changes. No index holds a column that changes, and a part of each
-- page stays free: the new version of a row finds room beside the old one, and no index is touched (a heap-only update).
CREATE TABLE "orders" (
    "order_id" UUID NOT NULL,
    "customer_id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "reason" TEXT,
    "detail" TEXT,
    "total" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "orders_pkey" PRIMARY KEY ("order_id"),
    CONSTRAINT "orders_status" CHECK ("status" IN ('PENDING', 'AWAITING_APPROVAL', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION')),
    CONSTRAINT "orders_total" CHECK ("total" >= 0)
) WITH (fillfactor = 70);
-- A customer's orders, newest first: order ids are UUIDv7.
CREATE INDEX "orders_customer_id_order_id_idx" ON "orders"("customer_id", "order_id" DESC);

CREATE TABLE "product" (
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit_price" INTEGER NOT NULL,
    CONSTRAINT "product_pkey" PRIMARY KEY ("sku"),
    CONSTRAINT "product_price" CHECK ("unit_price" > 0)
);

-- SKU-001 to SKU-100 at $5.99 to $95.99. One unit of SKU-098, $1,499.00, is above the approval limit.
INSERT INTO "product" ("sku", "name", "unit_price")
SELECT
    'SKU-' || lpad(n::text, 3, '0'),
    CASE n
        WHEN 98 THEN 'Grand piano, upright'
        ELSE (ARRAY['Velvet', 'Oak', 'Brass', 'Linen', 'Paper', 'Glass', 'Tin', 'Silk', 'Cork', 'Clay'])[1 + (n - 1) / 10]
            || ' '
            || (ARRAY['curtain', 'mask', 'lantern', 'drum', 'fan', 'mirror', 'bell', 'ribbon', 'stool', 'puppet'])[1 + (n - 1) % 10]
    END,
    CASE n WHEN 98 THEN 149900 ELSE (5 + (n * 37) % 91) * 100 + 99 END
FROM generate_series(1, 100) AS n;
