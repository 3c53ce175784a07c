/** Of the products that the mix of orders asks for. */
export const PLENTY_OF = 1_000_000;

/** The parts of the order system that every peer is. */
export const partNames = ['order', 'payment', 'inventory', 'shipping', 'notification'] as const;
export type Part = (typeof partNames)[number];

/** Which database holds the tables of a part; one may hold them all. */
export type DatabaseUrl = (part: Part) => string;

/**
 * The tables of each part. The primary key on the order makes a repeated step harmless, in every peer.
 */
export const TABLES: Readonly<Record<Part, string>> = {
  order: `
    CREATE TABLE products (sku text PRIMARY KEY, price bigint NOT NULL);
    INSERT INTO products SELECT 'SKU-' || lpad(n::text, 3, '0'), 1000 + 10 * n FROM generate_series(1, 100) n;
    CREATE TABLE orders (
      order_id uuid PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL, amount bigint NOT NULL, status text NOT NULL,
      reason text, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());`,
  payment: `
    CREATE TABLE payments (
      order_id uuid PRIMARY KEY, amount bigint NOT NULL, status text NOT NULL, charge_id text,
      updated_at timestamptz NOT NULL DEFAULT now());`,
  inventory: `
    CREATE TABLE stock (
      sku text PRIMARY KEY, initial int NOT NULL, available int NOT NULL CHECK (available >= 0), reserved int NOT NULL);
    INSERT INTO stock SELECT 'SKU-' || lpad(n::text, 3, '0'), units, units, 0
      FROM generate_series(1, 100) n, LATERAL (SELECT CASE n WHEN 99 THEN 0 ELSE ${PLENTY_OF} END AS units) of;
    CREATE TABLE reservations (
      order_id uuid PRIMARY KEY, sku text NOT NULL, quantity int NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
  shipping: `
    CREATE TABLE shipments (
      order_id uuid PRIMARY KEY, booking_id text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());`,
  notification: `
    CREATE TABLE notifications (
      order_id uuid PRIMARY KEY, subject text NOT NULL, sent_at timestamptz NOT NULL DEFAULT now());`,
};

/** Of a peer that has one database for all. */
export const ALL_TABLES = Object.values(TABLES).join('');
