import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@troupe/services';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import type { Business } from './business.ts';
import type { ScratchSystem } from './scratch-system.ts';

type Items = Record<string, unknown>[];

/** One way in which a system can be changed. */
export interface Change {
  readonly what: string;
  /** Statements for databases. */
  readonly sql?: Partial<Record<ServiceName, (business: Business) => string>>;
  /** The provider's ledger and the carrier's bookings as they would be. */
  readonly books?: (items: Items, business: Business) => Items;
  /** Something on a topic. */
  readonly records?: (system: ScratchSystem, business: Business) => Promise<void>;
}

/** One way in which it can be wrong, and the check that must see it. */
interface Corruption extends Change {
  readonly check: string;
  /** What the check must name. */
  id(business: Business): string | RegExp;
}

const money = (kind: string, reference: string, more: object = {}) => ({
  kind,
  reference,
  id: `${kind}_forged`,
  status: 'succeeded',
  amount: 100,
  currency: 'USD',
  createdAt: '2026-01-01T00:00:00.000Z',
  ...more,
});
const charges = (items: Items) => items.some(({ kind }) => kind === 'charge');
const bookings = (items: Items) => items.some(({ trackingNumber }) => trackingNumber !== undefined);
const alone = '01900000-0000-7000-8000-00000000beef';
const sku = () => 'SKU-001';

/** The audit trail of a call that a person has ended. */
const ended = (call: string, orderId: string) =>
  `INSERT INTO chassis.operator_act (id, operator, act, target, detail)
   VALUES ('${randomUUID()}', 'ada', 'call.end', '${orderId}', '{"call": "${call}", "key": "${orderId}"}')`;
const given = (items: Items, orderId: string, amount: number) => [
  ...items,
  money('charge', orderId, { id: 'ch_ended' }),
  money('refund', orderId, { charge: 'ch_ended', amount }),
];

/** What looks wrong and is not: what operations.md asks a person for who ends a call that nobody answers. */
export const undone: readonly Change[] = [
  {
    what: 'a charge that was made, given back at the provider, and ended',
    sql: { payment: ({ declined }) => ended('Charge', declined) },
    books: (items, { declined }) => (charges(items) ? given(items, declined, 100) : items),
  },
  {
    what: 'a booking that was made, cancelled at the carrier, and ended',
    sql: { shipping: ({ unshippable }) => ended('Book', unshippable) },
    books: (items, { unshippable }) =>
      bookings(items)
        ? [
            ...items,
            {
              ...items.find(({ trackingNumber }) => trackingNumber),
              id: 'bk_ended',
              reference: unshippable,
              status: 'cancelled',
            },
          ]
        : items,
  },
];

const byMoney: readonly Corruption[] = [
  {
    check: 'money.confirmed-is-paid-once',
    what: 'an order is confirmed whose payment failed',
    id: ({ confirmed }) => confirmed,
    sql: {
      payment: ({ confirmed }) =>
        `UPDATE payment SET status = 'FAILED', charge_id = NULL, failure = 'DECLINED', detail = '' WHERE order_id = '${confirmed}'`,
    },
  },
  {
    check: 'money.cancelled-keeps-nothing',
    what: 'an order was cancelled and its refund never reached the provider',
    id: ({ refunded }) => refunded,
    books: (items, { refunded }) => items.filter(({ kind, reference }) => kind !== 'refund' || reference !== refunded),
  },
  {
    check: 'money.cancelled-keeps-nothing',
    what: 'a card was declined, and charged',
    id: ({ declined }) => declined,
    books: (items, { declined }) => (charges(items) ? [...items, money('charge', declined)] : items),
  },
  {
    check: 'money.cancelled-keeps-nothing',
    what: 'a charge that was made was ended, and not all of it given back at the provider before',
    id: ({ declined }) => declined,
    sql: { payment: ({ declined }) => ended('Charge', declined) },
    books: (items, { declined }) => (charges(items) ? given(items, declined, 99) : items),
  },
  {
    check: 'money.charges-are-known',
    what: 'a charge was given back at the provider, and nobody says that he has ended it',
    id: () => 'ch_ended',
    books: (items, { declined }) => (charges(items) ? given(items, declined, 100) : items),
  },
  {
    check: 'money.resolved-once',
    what: 'a person and the provider have both given the money back',
    id: ({ resolved }) => resolved,
    books: (items, { resolved }) => (charges(items) ? [...items, money('refund', resolved)] : items),
  },
  {
    check: 'money.owed-is-visible',
    what: 'a refund was refused, and the order says that it is over',
    id: ({ owed }) => owed,
    sql: { order: ({ owed }) => `UPDATE orders SET status = 'CANCELLED' WHERE order_id = '${owed}'` },
  },
  {
    check: 'money.charged-once',
    what: 'an order was charged twice',
    id: ({ confirmed }) => confirmed,
    books: (items, { confirmed }) => (charges(items) ? [...items, money('charge', confirmed)] : items),
  },
  {
    check: 'money.refund-within-charge',
    what: 'more was given back than was taken',
    id: () => 'ch_small',
    books: (items) =>
      charges(items)
        ? [
            ...items,
            money('charge', alone, { id: 'ch_small' }),
            money('refund', alone, { charge: 'ch_small', amount: 101 }),
          ]
        : items,
  },
  {
    check: 'money.charges-are-known',
    what: 'the provider took money that payment knows nothing of',
    id: () => 'charge_forged',
    books: (items) => (charges(items) ? [...items, money('charge', alone)] : items),
  },
  {
    check: 'money.books-are-true',
    what: 'payment has a charge that the provider never made',
    id: ({ confirmed }) => confirmed,
    sql: { payment: ({ confirmed }) => `UPDATE payment SET charge_id = 'ch_none' WHERE order_id = '${confirmed}'` },
  },
  {
    check: 'money.price-is-charged',
    what: 'another amount was charged than the order costs',
    id: ({ confirmed }) => confirmed,
    sql: { payment: ({ confirmed }) => `UPDATE payment SET amount = amount - 1 WHERE order_id = '${confirmed}'` },
  },
];

/** The database refuses by itself that a reservation is made again. */
const UNGUARDED = 'ALTER TABLE reservation DISABLE TRIGGER reservation_once;';

const byStock: readonly Corruption[] = [
  {
    check: 'stock.conserved',
    what: 'a unit is gone',
    id: sku,
    sql: {
      inventory: () =>
        `ALTER TABLE stock DROP CONSTRAINT stock_conserved; UPDATE stock SET available = available - 1 WHERE sku = 'SKU-001'`,
    },
  },
  {
    check: 'stock.reservations-agree',
    what: 'a unit is counted as shipped that no order has',
    id: sku,
    sql: { inventory: () => `UPDATE stock SET available = available - 1, shipped = shipped + 1 WHERE sku = 'SKU-001'` },
  },
  {
    check: 'stock.restocks-agree',
    what: 'units came in that nobody delivered',
    id: sku,
    sql: {
      inventory: () => `UPDATE stock SET available = available + 1, restocked = restocked + 1 WHERE sku = 'SKU-001'`,
    },
  },
  {
    check: 'stock.confirmed-is-shipped',
    what: 'a confirmed order has its units still reserved',
    id: ({ confirmed }) => confirmed,
    sql: {
      inventory: ({ confirmed }) =>
        `${UNGUARDED} UPDATE reservation SET status = 'RESERVED' WHERE order_id = '${confirmed}'`,
    },
  },
  {
    check: 'stock.cancelled-keeps-nothing',
    what: 'a cancelled order keeps its units',
    id: ({ unshippable }) => unshippable,
    sql: {
      inventory: ({ unshippable }) =>
        `${UNGUARDED} UPDATE reservation SET status = 'RESERVED' WHERE order_id = '${unshippable}'`,
    },
  },
];

const byLiveness: readonly Corruption[] = [
  {
    check: 'liveness.orders-end',
    what: 'an order never ends',
    id: ({ declined }) => declined,
    sql: { order: ({ declined }) => `UPDATE orders SET status = 'PENDING' WHERE order_id = '${declined}'` },
  },
  {
    check: 'liveness.approvals-end',
    what: 'an order awaits an approval that nobody is asked for',
    id: ({ declined }) => declined,
    sql: { order: ({ declined }) => `UPDATE orders SET status = 'AWAITING_APPROVAL' WHERE order_id = '${declined}'` },
  },
  {
    check: 'liveness.outside-answers',
    what: 'an e-mail was never sent',
    id: ({ confirmed }) => confirmed,
    sql: {
      notification: ({ confirmed }) => `UPDATE notification SET status = 'PENDING' WHERE order_id = '${confirmed}'`,
    },
  },
  {
    check: 'liveness.tasks-are-done',
    what: 'a timer never went off',
    id: () => 'order OrderDeadline 1',
    sql: {
      order: () => `INSERT INTO chassis.task (name, key, id, kind, data, due_at, correlation_id, causation_id)
        VALUES ('OrderDeadline', '1', gen_random_uuid(), 'timer', '{}', now() - interval '1 day', '', '')`,
    },
  },
  {
    check: 'liveness.parked-behind-something',
    what: 'a message is parked behind nothing',
    id: () => 'payment order.events/0@7',
    sql: {
      payment:
        () => `INSERT INTO chassis.dead_letter (id, topic, partition, "offset", key_text, headers, record_time, status)
        VALUES (gen_random_uuid(), 'order.events', 0, 7, 'k', '{}', now(), 'PARKED')`,
    },
  },
];

const outboxRow = (id: string, of: { key: string; type?: string; payload?: string }): string =>
  `INSERT INTO chassis.outbox (id, aggregatetype, aggregateid, type, payload, ce_source, ce_time, ce_correlationid, ce_causationid)
   VALUES (${id}, 'order', '${of.key}', '${of.type ?? 'troupe.order.OrderCreated'}', '${of.payload ?? 'x'}', '', now()::text, '', '');`;

const byEffects: readonly Corruption[] = [
  {
    check: 'effects.said-once',
    what: 'an order was said to be confirmed and cancelled',
    id: ({ confirmed }) => confirmed,
    records: ({ site }, { confirmed }) => say(site, { key: confirmed, type: 'troupe.order.OrderCancelled' }),
  },
  {
    check: 'effects.booked-once',
    what: 'an order was booked twice',
    id: ({ confirmed }) => confirmed,
    books: (items, { confirmed }) =>
      bookings(items)
        ? [...items, { reference: confirmed, id: 'bk_2', status: 'booked', createdAt: '2026-01-01T00:00:00Z' }]
        : items,
  },
  {
    check: 'effects.booked-once',
    what: 'a parcel is on its way of which shipping knows nothing',
    id: () => alone,
    books: (items) =>
      bookings(items)
        ? [...items, { reference: alone, id: 'bk_2', status: 'booked', createdAt: '2026-01-01T00:00:00Z' }]
        : items,
  },
  {
    check: 'effects.confirmed-is-shipped',
    what: 'the parcel of a confirmed order was taken back',
    id: ({ confirmed }) => confirmed,
    books: (items, { confirmed }) =>
      items.map((item) => (bookings([item]) && item.reference === confirmed ? { ...item, status: 'cancelled' } : item)),
  },
  {
    check: 'effects.cancelled-ships-nothing',
    what: 'a cancelled order has a parcel on its way',
    id: ({ refunded }) => refunded,
    books: (items, { refunded }) =>
      bookings(items)
        ? [...items, { reference: refunded, id: 'bk_2', status: 'booked', createdAt: '2026-01-01T00:00:00Z' }]
        : items,
  },
];

const inboxRow = (id: string): string => `INSERT INTO chassis.inbox (event_id, payload_hash) VALUES ('${id}', 'x');`;

const byPublication: readonly Corruption[] = [
  {
    check: 'publication.state-is-said',
    what: 'a payment is completed, and nobody was told',
    id: ({ declined }) => declined,
    sql: {
      payment: ({ declined }) =>
        `UPDATE payment SET status = 'COMPLETED', charge_id = 'ch', failure = NULL, detail = NULL WHERE order_id = '${declined}'`,
    },
  },
  {
    check: 'publication.outbox-is-published',
    what: 'an event was never published',
    id: () => alone,
    sql: { order: ({ confirmed }) => outboxRow(`'${alone}'`, { key: confirmed }) },
  },
  {
    check: 'publication.heard-by-all',
    what: 'a service has missed an event',
    id: () => missed,
    records: ({ site }, { confirmed }) =>
      say(site, { id: missed, key: confirmed, type: 'troupe.order.OrderConfirmed' }),
  },
  {
    check: 'publication.heard-was-said',
    what: 'a service has handled an event that is on no topic',
    id: () => alone,
    sql: { payment: () => inboxRow(alone) },
  },
  {
    check: 'publication.one-id-one-payload',
    what: 'an id was used for two facts',
    id: () => twice,
    async records({ site }, { confirmed }) {
      await say(site, { id: twice, key: confirmed, type: 'troupe.order.OrderConfirmed' });
      await say(site, { id: twice, key: confirmed, type: 'troupe.order.OrderConfirmed', value: 'y' });
    },
  },
  {
    check: 'publication.on-its-own-topic',
    what: 'an event was forged on the topic of another service',
    id: () => /^order\.events\/5@/,
    records: ({ site }, { confirmed }) =>
      say(site, { key: confirmed, type: 'troupe.payment.PaymentRefunded', partition: 5 }),
  },
  {
    check: 'publication.topics-can-be-read',
    what: 'a batch cannot be read, and behind it lies a transaction that was aborted',
    id: () => /^shipping\.events\/3@\d+$/,
    records: async ({ site }) => {
      await sayWhatNobodyCanRead(site);
      await sayAndTakeBack(site);
    },
  },
  {
    check: 'publication.lag-is-bounded',
    what: 'a consumer has not read to the end of a topic',
    id: () => 'payment order.events/4',
    records: ({ site }, { confirmed }) =>
      say(site, { key: confirmed, type: 'troupe.order.OrderConfirmed', partition: 4 }),
  },
  {
    check: 'publication.slots-are-healthy',
    what: 'an outbox is being published again, for long',
    id: () => 'order',
    sql: {
      order: () =>
        `INSERT INTO chassis.relay_recovery (slot, cause, began_at) VALUES ('s', 'lost', now() - interval '1 day')`,
    },
  },
];

const byOrder: readonly Corruption[] = [
  {
    check: 'order.streams-have-no-gaps',
    what: 'an event of a stream is missing',
    id: ({ confirmed }) => confirmed,
    sql: { order: ({ confirmed }) => `DELETE FROM order_event WHERE order_id = '${confirmed}' AND version = 2` },
  },
  {
    check: 'order.topic-as-outbox',
    what: 'events of an order were published in another order than they were decided',
    id: ({ confirmed }) => confirmed,
    async records({ site }, { confirmed }) {
      await say(site, { id: later, key: confirmed, type: 'troupe.order.OrderConfirmed' });
      await say(site, { id: earlier, key: confirmed, type: 'troupe.order.OrderConfirmed' });
    },
    sql: {
      order: ({ confirmed }) =>
        outboxRow(`'${earlier}'`, { key: confirmed }) + outboxRow(`'${later}'`, { key: confirmed }),
    },
  },
  {
    check: 'order.handled-as-said',
    what: 'a service handled the events of an order in another order than they were said',
    id: ({ confirmed }) => confirmed,
    async records({ site }, { confirmed }) {
      await say(site, { id: first, key: confirmed, type: 'troupe.order.OrderConfirmed' });
      await say(site, { id: second, key: confirmed, type: 'troupe.order.OrderConfirmed' });
    },
    sql: { inventory: () => `BEGIN; ${inboxRow(second)} COMMIT; BEGIN; ${inboxRow(first)} COMMIT` },
  },
];

const byAnswers: readonly Corruption[] = [
  {
    check: 'idempotency.accepted-is-kept',
    what: 'an order that was accepted is gone',
    id: ({ declined }) => declined,
    sql: { order: ({ declined }) => `DELETE FROM orders WHERE order_id = '${declined}'` },
  },
  {
    check: 'idempotency.one-order-per-key',
    what: 'two keys were answered with one order',
    id: ({ confirmed }) => confirmed,
    sql: {
      order: ({
        confirmed,
      }) => `INSERT INTO chassis.idempotency_key SELECT scope, 'other', request_hash, status, headers, body
        FROM chassis.idempotency_key WHERE body->>'orderId' = '${confirmed}'`,
    },
  },
  {
    check: 'transitions.allowed',
    what: 'an order was cancelled after it was confirmed',
    id: ({ confirmed }) => confirmed,
    sql: {
      order: ({
        confirmed,
      }) => `INSERT INTO order_event SELECT order_id, max(version) + 1, 'OrderCancelled', '{}', now()
        FROM order_event WHERE order_id = '${confirmed}' GROUP BY order_id`,
    },
  },
  {
    check: 'transitions.projection-agrees',
    what: 'a customer sees another status than the stream tells',
    id: ({ declined }) => declined,
    sql: { order: ({ declined }) => `UPDATE orders SET status = 'CONFIRMED' WHERE order_id = '${declined}'` },
  },
];

const bySagas: readonly Corruption[] = [
  {
    check: 'sagas.failed-is-undone',
    what: 'a step of a failed saga was not compensated',
    id: ({ undone }) => undone,
    sql: {
      order: ({ undone }) =>
        `UPDATE saga_step SET compensation = NULL WHERE saga_id = '${undone}' AND name = 'reserve stock'`,
    },
  },
  {
    check: 'sagas.completed-is-done',
    what: 'a saga completed without one of its steps',
    id: ({ orchestrated }) => orchestrated,
    sql: {
      order: ({ orchestrated }) =>
        `UPDATE saga_step SET status = 'PENDING' WHERE saga_id = '${orchestrated}' AND position = 2`,
    },
  },
  {
    check: 'sagas.agree-with-orders',
    what: 'a saga failed, and its order is confirmed',
    id: ({ orchestrated }) => orchestrated,
    sql: { order: ({ orchestrated }) => `UPDATE saga SET status = 'FAILED' WHERE saga_id = '${orchestrated}'` },
  },
  {
    check: 'liveness.sagas-end',
    what: 'an orchestrator has left its saga alone',
    id: ({ undone }) => undone,
    sql: { order: ({ undone }) => `UPDATE saga SET status = 'COMPENSATING' WHERE saga_id = '${undone}'` },
  },
  {
    check: 'money.resolved-once',
    what: 'a person has settled a refund with the orchestrator, and the provider has given the money back as well',
    id: ({ undone }) => undone,
    sql: {
      order: ({ undone }) =>
        `UPDATE saga_step SET compensation = 'RESOLVED' WHERE saga_id = '${undone}' AND name = 'charge payment'`,
    },
  },
];

const missed = randomUUID();
const twice = randomUUID();
const earlier = randomUUID();
const later = randomUUID();
const first = randomUUID();
const second = randomUUID();

interface Said {
  readonly id?: string;
  readonly key: string;
  readonly type: string;
  readonly value?: string;
  readonly partition?: number;
  readonly topic?: string;
}

/** Publishes an event as nobody of ours would. */
async function say(
  site: ScratchSystem['site'],
  { id = randomUUID(), key, type, value = 'x', partition, topic = 'order.events' }: Said,
) {
  const kafka = new Kafka({ brokers: site.brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const record = { key, value, headers: { ce_id: id, ce_type: type } };
  await producer.send({
    topic: `${site.topicPrefix}${topic}`,
    messages: [partition === undefined ? record : { ...record, partition }],
  });
  await producer.disconnect();
}

const placeOfOdd = ({ topicPrefix }: ScratchSystem['site']) => ({
  topic: `${topicPrefix}shipping.events`,
  partition: 3,
});

/** A batch of 20 KB that would become 20 MB. */
async function sayWhatNobodyCanRead(site: ScratchSystem['site']): Promise<void> {
  const kafka = new Kafka({ brokers: site.brokers.split(','), logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const { topic, partition } = placeOfOdd(site);
  const messages = [{ partition, value: Buffer.alloc(20_000_000) }];
  await producer.send({ topic, compression: CompressionTypes.GZIP, messages });
  await producer.disconnect();
}

async function sayAndTakeBack(site: ScratchSystem['site']): Promise<void> {
  const kafka = new Kafka({ brokers: site.brokers.split(','), logLevel: logLevel.NOTHING });
  const { topic, partition } = placeOfOdd(site);
  const producer = kafka.producer({ transactionalId: topic, idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ partition, value: 'never' }] });
  await transaction.abort();
  await producer.disconnect();
}

export const corruptions: readonly Corruption[] = [
  ...byMoney,
  ...byStock,
  ...byLiveness,
  ...byEffects,
  ...byPublication,
  ...byOrder,
  ...byAnswers,
  ...bySagas,
];
