import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fromStack } from '@troupe/chassis/testing';
import { type AvroSchema, createCodec, PaymentCompleted, registerSchemas } from '@troupe/schemas';
import { Kafka, logLevel } from 'kafkajs';
import { ended, eventually, get, operator, payment, place, post } from './system.ts';

const registryUrl = fromStack('TEST_REGISTRY_URL');

/** What a newer version of payment adds: whatever is known of a payment beside the rest. */
const attributes = {
  name: 'attributes',
  default: {},
  doc: 'Since the version after ours.',
  type: { type: 'map', values: ['null', 'string', { type: 'array', items: 'long' }] },
};
/** `{ channel: 'web' }` */
const WEB = Buffer.from(
  `020e${Buffer.from('channel').toString('hex')}0206${Buffer.from('web').toString('hex')}00`,
  'hex',
);

/** The event as the newer version writes it. Its schema has a subject of its own, since other tests look at the latest of ours. */
async function written(data: Parameters<typeof PaymentCompleted>[0]): Promise<Buffer> {
  const subject = `upgraded-${randomUUID()}`;
  const under = (schema: AvroSchema) =>
    registerSchemas({
      registryUrl,
      events: [Object.assign(() => undefined as never, PaymentCompleted, { subject, schema })],
    });
  const { schema } = PaymentCompleted;
  await under(schema);
  const [taken] = await under({ ...schema, fields: [...(schema.fields as readonly object[]), attributes] });
  if (taken?.outcome !== 'registered') throw new Error('The registry does not take it.');
  const codec = createCodec({ registryUrl });
  await codec.prepare([PaymentCompleted]);
  const message = Buffer.concat([codec.encode(PaymentCompleted(data)), WEB]);
  message.writeUInt32BE(taken.schemaId, 1);
  return message;
}

async function send(orderId: string, value: Buffer): Promise<void> {
  const producer = new Kafka({ brokers: [fromStack('TEST_KAFKA_BROKERS')], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const headers = {
    ce_specversion: '1.0',
    ce_id: randomUUID(),
    ce_type: PaymentCompleted.fullName,
    ce_source: '/upgraded/payment',
    ce_subject: orderId,
    ce_correlationid: orderId,
    ce_causationid: orderId,
    'content-type': 'application/avro',
  };
  await producer.send({ topic: PaymentCompleted.topic, messages: [{ key: orderId, value, headers }] });
  await producer.disconnect();
}

describe('an event of a producer that was upgraded, with a map that its readers do not know,', () => {
  it('is read by all of them, and the order goes through', async () => {
    // An order that goes on only by that event: our own payment waits for a person.
    const { orderId } = await place('SKU-098');
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'AWAITING_APPROVAL',
    );
    const { body: due } = await get<{ paymentId: string; amount: number }>('payment', `/payments/${orderId}`);
    const items = [{ sku: 'SKU-098', quantity: 1 }];
    await send(
      orderId,
      await written({ ...due, orderId, items, customerId: 'demo', currency: 'USD', orchestrated: false }),
    );
    expect(await ended(orderId)).toMatchObject({ status: 'CONFIRMED' });
    expect((await get('shipping', `/shipments/${orderId}`)).body).toMatchObject({ status: 'SCHEDULED' });
    // So that the money agrees with the order.
    await post('payment', `/payments/${orderId}/approval`, { decision: 'approve' }, operator);
    await eventually(
      () => payment(orderId),
      ({ status }) => status === 'COMPLETED',
    );
  });
});
