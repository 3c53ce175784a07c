import { freeze, kill } from '@troupe/embedded';
import { NotificationSent, OrderCreated } from '@troupe/schemas';
import type { DiagnosisCode } from '../../src/contract/diagnosis.ts';
import { type Ground, type Heal, within } from './ground.ts';
import { holdRelay, loseSlot } from './relays.ts';

/** A fault that is made on the running stack, and the order that it holds up. */
export interface Fault {
  readonly what: string;
  /** Null: nothing may be told. */
  readonly code: DiagnosisCode | null;
  /** Makes the fault and an order that meets it. The five seconds begin when it resolves, or at `from`. */
  strike(ground: Ground): Promise<Struck>;
}

export interface Struck {
  readonly orderId: string;
  /** Mends it. Then the order goes on, or is ended by it. */
  readonly heal: Heal;
}

const SKU = 'SKU-001';

/** Ends a process, with kill -9, and places an order that needs it. */
const killed =
  (name: string, place: (ground: Ground) => Promise<string>) =>
  async (ground: Ground): Promise<Struck> => {
    const heal = await kill(ground.stack.child(name));
    return { orderId: await place(ground), heal };
  };

const anOrder = (ground: Ground) => ground.place(SKU);
const anOrchestratedOrder = (ground: Ground) => ground.place(SKU, 'tok_ok', '/orders/orchestrated');
const all =
  (heals: readonly Heal[]): Heal =>
  async () => {
    for (const heal of heals) await heal();
  };
const dropTask = (ground: Ground, name: string, orderId: string) =>
  within(
    5_000,
    () => ground.sql('payment', `DELETE FROM chassis.task WHERE name = '${name}' AND key = '${orderId}' RETURNING 1`),
    (rows) => rows.length > 0,
  );

/** A payment that lasts, and meanwhile bytes on payment's topic that nobody can decode: behind them it is parked. */
async function poisoned(ground: Ground): Promise<Struck> {
  const orderId = await ground.place(SKU, 'tok_slow_2500');
  await ground.poison('payment.events', orderId);
  await within(
    5_000,
    () => ground.sql('inventory', `SELECT 1 FROM chassis.dead_letter WHERE encode(key, 'escape') = '${orderId}'`),
    (rows) => rows.length > 0,
  );
  return { orderId, heal: () => ground.discardLetters(['inventory', 'order'], orderId) };
}

/** Every code, and combinations: of those one cause is told, the nearest to the root. */
export const FAULTS: readonly Fault[] = [
  {
    what: 'nothing; the order is confirmed',
    code: null,
    strike: async (ground) => ({ orderId: await anOrder(ground), heal: async () => undefined }),
  },
  {
    what: 'nothing; the carrier refuses, and all is undone',
    code: null,
    strike: async (ground) => ({ orderId: await ground.place('SKU-100'), heal: async () => undefined }),
  },
  { what: 'inventory is killed; it owes the reservation', code: 'CONSUMER_AWAY', strike: killed('inventory', anOrder) },
  {
    what: 'payment is frozen; it owes the charge',
    code: 'CONSUMER_AWAY',
    strike: async (ground) => {
      const heal = await freeze(ground.stack.child('payment'));
      return { orderId: await anOrder(ground), heal };
    },
  },
  {
    what: 'the stock of inventory is locked; its batch does not end',
    code: 'CONSUMER_BEHIND',
    strike: async (ground) => {
      const heal = await ground.open('inventory', 'LOCK TABLE stock IN ACCESS EXCLUSIVE MODE');
      const orderId = await anOrder(ground);
      await within(
        5_000,
        () => ground.saga(orderId),
        (saga) => saga?.events.some(({ type }) => type === 'PaymentCompleted') === true,
      );
      return { orderId, heal };
    },
  },
  {
    what: 'a topic keeps records for longer than inventory remembers them, and inventory starts anew',
    code: 'CONSUMER_PAUSED',
    strike: async (ground) => {
      const heal = await ground.topicSetting('payment.events', 'retention.ms', String(10 * 365 * 86_400_000));
      const child = ground.stack.child('inventory');
      await child.stop();
      const started = child.start().catch(() => undefined);
      const orderId = await anOrder(ground);
      await ground.lives('inventory');
      return { orderId, heal: all([heal, () => started]) };
    },
  },
  {
    what: 'Kafka is killed; the order stands in an outbox',
    code: 'BROKER_AWAY',
    strike: killed('kafka', anOrder),
  },
  {
    what: 'the database of inventory lets nobody in; it owes the reservation',
    code: 'DATABASE_AWAY',
    strike: async (ground) => {
      const heal = await shutOut(ground, 'inventory');
      return { orderId: await anOrder(ground), heal };
    },
  },
  {
    what: 'the registry is killed, and shipping starts anew; it owes the booking',
    code: 'REGISTRY_AWAY',
    strike: async (ground) => {
      const child = ground.stack.child('shipping');
      await child.stop();
      const heal = await kill(ground.stack.child('registry'));
      const started = child.start().catch(() => undefined);
      const orderId = await anOrder(ground);
      await ground.lives('shipping');
      return { orderId, heal: all([heal, () => started]) };
    },
  },
  {
    what: 'the relay of order is held; the order stands in its outbox',
    code: 'OUTBOX_NOT_PUBLISHED',
    strike: async (ground) => {
      const heal = await holdRelay(ground, 'order');
      return { orderId: await anOrder(ground), heal };
    },
  },
  {
    what: 'the relay of inventory is held; its reservation stands in its outbox',
    code: 'OUTBOX_NOT_PUBLISHED',
    strike: async (ground) => {
      const heal = await holdRelay(ground, 'inventory');
      return { orderId: await anOrder(ground), heal };
    },
  },
  {
    what: 'Kafka refuses the reservation as too large',
    code: 'OUTBOX_NOT_PUBLISHED',
    strike: async (ground) => {
      const mend = await ground.topicSetting('inventory.events', 'max.message.bytes', '100');
      const orderId = await anOrder(ground);
      const heal = async () => {
        await mend();
        const saga = await ground.saga(orderId);
        const [act] = saga?.diagnosis?.actions ?? [];
        if (act?.kind !== 'act') throw new Error('The diagnosis offers nothing to do.');
        await ground.post('inventory', `/unpublished/${act.params.id}/retry`, { reason: 'The limit is mended.' });
      };
      return { orderId, heal };
    },
  },
  {
    what: 'the replication slot of inventory is another’s',
    code: 'SLOT_LOST',
    strike: async (ground) => {
      const heal = await loseSlot(ground, 'inventory');
      return { orderId: await anOrder(ground), heal };
    },
  },
  {
    what: 'an order of no value, which payment cannot charge',
    code: 'DEAD_LETTER',
    strike: async (ground) => {
      const orderId = foreignId();
      const items = [{ sku: SKU, quantity: 1, unitPrice: 0 }];
      const order = { orderId, customerId: 'demo', items, amount: 0, currency: 'USD', paymentToken: 'tok_ok' };
      // A saga has the id of its first event.
      await ground.say(OrderCreated, OrderCreated(order), { cause: orderId, id: orderId });
      // It stays in the topic, and nobody knows it: when the letter is discarded, nothing more is owed that anybody could say.
      return { orderId, heal: () => ground.discardLetters(['payment'], orderId) };
    },
  },
  {
    what: 'the payment is parked at inventory behind bytes that nobody can decode',
    code: 'BEHIND_DEAD_LETTER',
    strike: poisoned,
  },
  { what: 'the payment provider is killed', code: 'CALL_UNANSWERED', strike: killed('provider', anOrder) },
  {
    what: 'the payment provider takes its time',
    code: 'CALL_UNANSWERED',
    strike: async (ground) => {
      const orderId = await ground.place(SKU, 'tok_slow_7000');
      return { orderId, heal: async () => undefined };
    },
  },
  {
    what: 'the payment provider is killed, and the order is cancelled meanwhile',
    code: 'CALL_UNANSWERED',
    strike: async (ground) => {
      const struck = await killed('provider', anOrder)(ground);
      await within(
        5_000,
        () => ground.saga(struck.orderId),
        (saga) => saga?.work.some(({ name }) => name === 'Charge') === true,
      );
      await cancel(ground, struck.orderId);
      return struck;
    },
  },
  {
    what: 'the carrier is killed, and a dozen orders ask it',
    code: 'CIRCUIT_OPEN',
    strike: async (ground) => {
      const heal = await kill(ground.stack.child('carrier'));
      const orders = await Promise.all(Array.from({ length: 12 }, () => anOrder(ground)));
      return { orderId: orders.at(-1) as string, heal };
    },
  },
  {
    what: 'the provider refuses the refund, and is asked again later',
    code: 'CALL_REFUSED',
    strike: async (ground) => {
      const orderId = await ground.place('SKU-099', 'tok_refund_fails_99');
      return {
        orderId,
        heal: () => ground.post('payment', `/payments/${orderId}/refund/resolve`, { reason: 'By transfer.' }),
      };
    },
  },
  {
    what: 'the provider has refused the refund six times',
    code: 'COMPENSATION_FAILED',
    strike: async (ground) => {
      const orderId = await ground.place('SKU-099', 'tok_refund_fails_99');
      for (let refusals = 1; refusals < 6; refusals++) {
        await refusedSoOften(ground, orderId, refusals);
        await ground.post('payment', `/payments/${orderId}/refund/retry`, {});
      }
      return {
        orderId,
        heal: () => ground.post('payment', `/payments/${orderId}/refund/resolve`, { reason: 'By transfer.' }),
      };
    },
  },
  {
    what: 'nothing; a person has to approve',
    code: 'AWAITING_APPROVAL',
    strike: async (ground) => {
      const orderId = await ground.place('SKU-098');
      return { orderId, heal: () => ground.post('payment', `/payments/${orderId}/approval`, { decision: 'approve' }) };
    },
  },
  {
    what: 'payment is killed; an orchestrator asks it',
    code: 'SAGA_STEP_WAITING',
    strike: killed('payment', anOrchestratedOrder),
  },
  {
    what: 'the payment provider is killed; an orchestrator asks payment',
    code: 'CALL_UNANSWERED',
    strike: killed('provider', anOrchestratedOrder),
  },
  {
    what: 'a foreign producer says an event that no table declares there',
    code: 'UNEXPECTED_EVENT',
    strike: async (ground) => {
      const orderId = await ground.place(SKU, 'tok_slow_2500');
      const event = NotificationSent({
        orderId,
        notificationId: foreignId(),
        template: 'ORDER_CONFIRMED',
        recipient: 'demo@example.com',
      });
      await ground.say(NotificationSent, event, { cause: orderId });
      return { orderId, heal: async () => undefined };
    },
  },
  {
    what: 'the timer of the deadline is locked, and payment has lost its call',
    code: 'DEADLINE_MISSED',
    strike: async (ground) => {
      const orderId = await ground.place(SKU, 'tok_slow_60000');
      await dropTask(ground, 'Charge', orderId);
      const timer = `name = 'OrderDeadline' AND key = '${orderId}'`;
      await ground.sql('order', `UPDATE chassis.task SET due_at = now() + interval '400 milliseconds' WHERE ${timer}`);
      const heal = await ground.open('order', `SELECT 1 FROM chassis.task WHERE ${timer} FOR UPDATE`);
      return { orderId, heal };
    },
  },
  {
    what: 'payment has lost its call, and its time is over',
    code: 'NO_ANSWER',
    strike: async (ground) => {
      const orderId = await ground.place(SKU, 'tok_slow_60000');
      await dropTask(ground, 'Charge', orderId);
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      return { orderId, heal: () => cancel(ground, orderId) };
    },
  },

  {
    what: 'inventory is killed *and* a dead letter stands before its event',
    code: 'CONSUMER_AWAY',
    strike: async (ground) => {
      const { orderId, heal } = await poisoned(ground);
      const start = await kill(ground.stack.child('inventory'));
      return { orderId, heal: all([start, heal]) };
    },
  },
  {
    what: 'the relay of order is held *and* Kafka is killed',
    code: 'BROKER_AWAY',
    strike: async (ground) => {
      const release = await holdRelay(ground, 'order');
      const { orderId, heal } = await killed('kafka', anOrder)(ground);
      return { orderId, heal: all([heal, release]) };
    },
  },
  {
    what: 'payment is killed *while* inventory, which owes the reservation, is behind',
    code: 'CONSUMER_BEHIND',
    strike: async (ground) => {
      const unlock = await ground.open('inventory', 'LOCK TABLE stock IN ACCESS EXCLUSIVE MODE');
      const orderId = await anOrder(ground);
      await within(
        5_000,
        () => ground.saga(orderId),
        (saga) => (saga?.events.length ?? 0) > 1,
      );
      const start = await kill(ground.stack.child('payment'));
      return { orderId, heal: all([unlock, start]) };
    },
  },
  {
    what: 'Kafka is killed *while* an approval is awaited',
    code: 'AWAITING_APPROVAL',
    strike: async (ground) => {
      const orderId = await ground.place('SKU-098');
      await within(
        5_000,
        () => ground.saga(orderId),
        (saga) => saga?.diagnosis?.code === 'AWAITING_APPROVAL',
      );
      // The service says so before its event is on the topic, from where the list knows it.
      await within(
        5_000,
        () => ground.listed(orderId),
        (row) => row?.code === 'AWAITING_APPROVAL',
      );
      const start = await kill(ground.stack.child('kafka'));
      const approve = () => ground.post('payment', `/payments/${orderId}/approval`, { decision: 'approve' });
      return { orderId, heal: all([start, approve]) };
    },
  },
  {
    what: 'the database of payment lets nobody in *while* its call is under way',
    code: 'DATABASE_AWAY',
    strike: async (ground) => {
      const orderId = await ground.place(SKU, 'tok_slow_2000');
      await within(
        5_000,
        () => ground.saga(orderId),
        (saga) => (saga?.work.length ?? 0) > 1,
      );
      return { orderId, heal: await shutOut(ground, 'payment') };
    },
  },
  { what: 'the registry is killed, and nobody needs it', code: null, strike: killed('registry', anOrder) },
];

/** Ends the connections to a database and lets no new ones in. */
async function shutOut(ground: Ground, service: string): Promise<Heal> {
  const allow = (is: boolean) => ground.sql('order', `ALTER DATABASE troupe_${service} ALLOW_CONNECTIONS ${is}`);
  await allow(false);
  await ground.sql(
    'order',
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'troupe_${service}'`,
  );
  return () => allow(true);
}

const refusedSoOften = (ground: Ground, orderId: string, refusals: number) =>
  within(
    8_000,
    async () => {
      const answer = await fetch(`${ground.stack.addresses.serviceUrl('payment')}/payments/${orderId}`);
      return (await answer.json()) as { readonly status?: string; readonly refundAttempts?: number };
    },
    ({ status, refundAttempts = 0 }) => status === 'REFUND_FAILED' && refundAttempts >= refusals,
  );

const cancel = (ground: Ground, orderId: string) => ground.post('order', `/orders/${orderId}/cancel`, {});

/** A UUIDv7 of this moment, as ids of orders are. */
function foreignId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  const random = () =>
    Math.floor(Math.random() * 0xfff)
      .toString(16)
      .padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random()}-8${random()}-${random()}${random()}${random()}${random()}`;
}
