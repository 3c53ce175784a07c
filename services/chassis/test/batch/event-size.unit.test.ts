import { expect, it } from '@jest/globals';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { OrderCreated, PaymentFailed } from '@troupe/schemas';
import { Batch } from '../../src/batch/batch.ts';
import type { IncomingEvent } from '../../src/incoming/incoming.ts';
import { decided, on, reactions, uuidv7 } from '../../src/index.ts';
import { oneRow } from '../../src/rules/aggregate.ts';
import { noCapacity } from '../../src/tasks/calls.ts';

interface Payment {
  readonly orderId: string;
}
const table = reactions(
  oneRow<Payment>('payment', ({ orderId }) => orderId),
  [
    on(OrderCreated, {
      emits: [PaymentFailed],
      react: ({ orderId }) => decided({ orderId }, PaymentFailed({ orderId, reason: 'DECLINED', detail: 'declined' })),
    }),
  ],
);
const batchOf = (bytes: number) =>
  new Batch(
    {
      table,
      encode: () => Buffer.alloc(bytes),
      now: new Date(0),
      newId: uuidv7,
      callCapacity: noCapacity,
      eventDepthLimit: 64,
    },
    new Map(),
  );
const heard = {
  kind: 'event',
  id: 'event-1',
  type: 'OrderCreated',
  key: 'a',
  data: { orderId: 'a' },
  causationId: 'event-1',
  depth: 1,
  correlationId: 'a',
  parent: ROOT_CONTEXT,
  record: { topic: 'order.events', partition: 0, offset: '0' },
} as unknown as IncomingEvent;

it('an event that no broker would take is refused before it reaches the outbox, and leaves nothing behind', () => {
  const batch = batchOf(900_001);
  expect(batch.react(heard)).toMatchObject({ kind: 'dead', code: 'EVENT_TOO_LARGE' });
  expect([batch.outbox, [...batch.changed]]).toEqual([[], []]);
});

it('the largest event that a broker takes is not', () => {
  const batch = batchOf(900_000);
  expect(batch.react(heard)).toEqual({ kind: 'applied' });
  expect(batch.outbox).toHaveLength(1);
});
