import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '@troupe/order-database';
import { cloneDatabase } from '@troupe/chassis/testing';
import { uuidv7 } from '@troupe/chassis';
import { orderRepository } from './dist/repository.js';
import { record } from './dist/order.js';
const { url, drop } = await cloneDatabase('order');
const db = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
const now = new Date();
const mk = () => { const o = record(undefined, now, { type: 'OrderPlaced', data: { orderId: uuidv7(), customerId: 'demo', items: [{ sku: 'SKU-001', quantity: 1, unitPrice: 100 }], total: 100, currency: 'USD', deadlineMs: 60000 } });
  return record(record(o, now, { type: 'PaymentReceived', data: { paymentId: uuidv7(), amount: 1 } }), now, { type: 'StockReserved', data: {} }); };
const map = (n) => new Map(Array.from({ length: n }, () => { const o = mk(); return [o.state.orderId, o]; }));
const time = async (name, n, f) => { for (let i = 0; i < 5; i++) await f(); const c = process.cpuUsage(), t = performance.now(); for (let i = 0; i < 30; i++) await f(); const d = process.cpuUsage(c);
  console.log(name, ((performance.now() - t) / 30 / n * 1000).toFixed(1), 'µs wall each,', ((d.user + d.system) / 30 / n).toFixed(1), 'µs cpu each'); };
for (const n of [1, 20, 200]) {
  const rows = map(n); await db.$transaction((tx) => orderRepository.save(tx, rows)); const keys = [...rows.keys()];
  await db.$transaction(async (tx) => {
    await time(`save ${n} (3 events, projection)`, n, () => orderRepository.save(tx, map(n)));
    await time(`load rows ${n}`, n, () => orderRepository.load(tx, keys));
    await time(`load json ${n}`, n, async () => { const r = await tx.$queryRawUnsafe(`SELECT order_id::text AS id, json_agg(json_build_array(type, data, occurred_at) ORDER BY version)::text AS s FROM order_event WHERE order_id = ANY($1::uuid[]) GROUP BY order_id`, keys); for (const x of r) JSON.parse(x.s); });
    await time(`load one json ${n}`, n, async () => { const r = await tx.$queryRawUnsafe(`SELECT json_agg(json_build_array(order_id, type, data, occurred_at) ORDER BY order_id, version)::text AS s FROM order_event WHERE order_id = ANY($1::uuid[])`, keys); JSON.parse(r[0].s); });
    await time(`append unnest ${n}`, n, () => { const ev=[...map(n).values()].flatMap(o=>o.pending.map(p=>({orderId:o.state.orderId,...p}))); return tx.$executeRawUnsafe(`INSERT INTO order_event (order_id, version, type, data, occurred_at) SELECT order_id, version, type, data::jsonb, occurred_at FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) AS e(order_id, version, type, data, occurred_at)`, ev.map(e=>e.orderId),ev.map(e=>e.version),ev.map(e=>e.event.type),ev.map(e=>JSON.stringify(e.event.data)),ev.map(e=>e.at.toISOString()));});
    await time(`append json ${n}`, n, () => { const ev=[...map(n).values()].flatMap(o=>o.pending.map(p=>({order_id:o.state.orderId,version:p.version,type:p.event.type,data:p.event.data,occurred_at:p.at}))); return tx.$executeRawUnsafe(`INSERT INTO order_event (order_id, version, type, data, occurred_at) SELECT order_id, version, type, data, occurred_at FROM json_to_recordset($1::json) AS e(order_id uuid, version int, type text, data jsonb, occurred_at timestamptz)`, JSON.stringify(ev));});
  }, { timeout: 60000 });
}
await db.$disconnect(); await drop();
