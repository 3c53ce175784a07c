import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromStack, query } from '@troupe/chassis/testing';
import { Kafka, logLevel } from 'kafkajs';
import { ended, eventually, get, moved, place, stockOf, urlOf } from './system.ts';

const databaseOf = (service: string): string => {
  const url = new URL(fromStack('TEST_POSTGRES_ADMIN_URL'));
  url.pathname = `/troupe_${service}`;
  return url.href;
};

interface Told {
  readonly type: string;
  readonly value: string;
}

/** The event of a type that a service has told about an order, as bytes. */
async function told(service: string, type: string, orderId: string): Promise<Told> {
  const [row] = await query<Told>(
    databaseOf(service),
    `SELECT type, encode(payload, 'hex') AS value FROM chassis.outbox WHERE aggregateid = '${orderId}' AND type LIKE '%.${type}'`,
  );
  if (row === undefined) throw new Error(`${service} has told no ${type} of ${orderId}.`);
  return row;
}

/** A producer that is not ours tells it again: under an id of its own, and with the order as it spells it. */
async function tellAgain(
  topic: string,
  { type, value }: Told,
  order: { readonly id: string; readonly spelled: string },
) {
  const bytes = Buffer.from(value, 'hex').toString('latin1').replace(order.id, order.spelled);
  const id = randomUUID();
  const producer = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const headers = { ce_id: id, ce_type: type };
  await producer.send({ topic, messages: [{ key: order.spelled, value: Buffer.from(bytes, 'latin1'), headers }] });
  await producer.disconnect();
  return id;
}

const deadLetterOf = (service: string, eventId: string) =>
  eventually(
    async () =>
      (
        await query<{ error_code: string; error_message: string }>(
          databaseOf(service),
          `SELECT error_code, error_message FROM chassis.dead_letter WHERE event_id = '${eventId}'`,
        )
      )[0],
    (deadLetter) => deadLetter !== undefined,
  );

const SKU = 'SKU-071';

describe('an order that is confirmed, and told again with its id in upper case', () => {
  it('is a dead letter with its reason: no second charge, no unit taken', async () => {
    const { orderId } = await place(SKU);
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    await eventually(
      () => stockOf(SKU),
      ({ shipped }) => shipped > 0,
    );
    const stock = await stockOf(SKU);
    const spelled = orderId.toUpperCase();
    const again = { id: orderId, spelled };
    const reason = `The orderId in the value is "${spelled}", another spelling of the id ${orderId}.`;

    const created = await tellAgain('order.events', await told('order', 'OrderCreated', orderId), again);
    const paid = await tellAgain('payment.events', await told('payment', 'PaymentCompleted', orderId), again);
    for (const [service, event] of [
      ['payment', created],
      ['inventory', paid],
      ['order', paid],
    ] as const) {
      const deadLetter = await deadLetterOf(service, event);
      expect(deadLetter).toMatchObject({ error_code: 'ID_SPELLING', error_message: expect.stringContaining(reason) });
    }

    expect([await moved(orderId), await moved(spelled)]).toEqual([['charge'], []]);
    expect(await stockOf(SKU)).toEqual(stock);
    expect(await query(databaseOf('payment'), `SELECT status FROM payment WHERE order_id = '${spelled}'`)).toEqual([
      { status: 'COMPLETED' },
    ]);
    expect(await query(databaseOf('payment'), `SELECT FROM chassis.task WHERE key = '${spelled}'`)).toEqual([]);
  });

  it('is found by people however they spell its id, and shown in the one spelling', async () => {
    const { orderId } = await place(SKU);
    await ended(orderId);
    const spelled = orderId.toUpperCase();
    const shown = async (party: Parameters<typeof urlOf>[0], path: string) =>
      (await get<{ orderId: string }>(party, path)).body.orderId;
    expect(await shown('order', `/orders/${spelled}?wait=1`)).toBe(orderId);
    expect(await shown('payment', `/payments/${spelled}`)).toBe(orderId);
    expect(await shown('inventory', `/reservations/${spelled}`)).toBe(orderId);
    expect(await shown('shipping', `/shipments/${spelled}`)).toBe(orderId);
    const head = (id: string) => fetch(`${urlOf('order')}/orders/${id}/events`, { method: 'HEAD' });
    expect([(await head(spelled)).status, (await head(randomUUID())).status]).toEqual([200, 404]);
  });
});
