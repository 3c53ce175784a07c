import { afterEach, describe, expect, it } from '@jest/globals';
import { uuidv7 } from '@troupe/chassis';
import type { Front } from '@troupe/chassis/testing';
import { query } from '@troupe/chassis/testing';
import { inventoryService } from '@troupe/inventory';
import { notificationService } from '@troupe/notification';
import { orderService } from '@troupe/order';
import { paymentService } from '@troupe/payment';
import { type DomainEvent, InventoryReserved, OrderConfirmed, OrderCreated, PaymentCompleted } from '@troupe/schemas';
import { shippingService } from '@troupe/shipping';
import fc from 'fast-check';
import { type OddAnswer, type OpenApi, oddRequests, send } from './odd-requests.ts';
import { incoming, placed, type Rig, rigOf } from './rig.ts';

const items = [{ sku: 'SKU-001', quantity: 1 }];
const paid = { customerId: 'demo', items, amount: 1_000, currency: 'USD' };
const due = { ...paid, items: [{ sku: 'SKU-001', quantity: 1, unitPrice: 1_000 }], paymentToken: 'tok_ok' };

type Fact = (orderId: string) => DomainEvent;

/** A service, and what makes it know an order. */
const services: readonly (readonly [name: string, open: () => Promise<Rig>, fact: Fact | undefined])[] = [
  ['order', () => rigOf(orderService, 'order'), undefined],
  ['payment', () => rigOf(paymentService, 'payment'), (orderId) => OrderCreated({ orderId, ...due })],
  [
    'inventory',
    () => rigOf(inventoryService, 'inventory'),
    (orderId) => PaymentCompleted({ orderId, paymentId: uuidv7(), ...paid }),
  ],
  ['shipping', () => rigOf(shippingService, 'shipping'), (orderId) => InventoryReserved({ orderId, items })],
  ['notification', () => rigOf(notificationService, 'notification'), (orderId) => OrderConfirmed({ orderId, ...paid })],
];

let rig: Rig;
let front: Front;
afterEach(async () => {
  await front.close();
  await rig.close();
});

/** Orders, a dead letter and one that waits behind it: ids of things that there are. */
async function known(fact: Fact | undefined): Promise<readonly string[]> {
  const orderIds = [uuidv7(), uuidv7()];
  const told = (orderId: string) => (fact === undefined ? placed(orderId) : incoming(fact(orderId)));
  const { record } = incoming(OrderConfirmed({ orderId: orderIds[0] as string, ...paid }));
  const dead = { kind: 'poison' as const, record, code: 'AVRO_BROKEN', reason: 'the value ends early' };
  await rig.work([...orderIds.map(told), dead]);
  const deadLetters = await query<{ id: string }>(rig.url, 'SELECT id::text FROM chassis.dead_letter');
  return [...orderIds, ...deadLetters.map(({ id }) => id), uuidv7()];
}

/** What was wrong with an answer; nothing when it is an answer, or a problem that says what to do. */
function faultOf({ status, type, text }: OddAnswer, method: string): string | undefined {
  if (status === 500 || status === 503) return `answered ${status}: ${text}`;
  if (status < 400 || method === 'HEAD') return undefined;
  if (type !== 'application/problem+json') return `${status} is no problem but ${type}`;
  const problem = JSON.parse(text) as { readonly status?: number; readonly code?: string; readonly detail?: string };
  const isTold =
    problem.status === status && /^[A-Z_]+$/.test(problem.code ?? '') && (problem.detail ?? '').length > 20;
  return isTold ? undefined : `a problem that tells nothing: ${text}`;
}

describe('whatever is sent to any route', () => {
  it.each(services)(
    'of %s is answered, or refused with a sentence that tells what to do; never a mistake of ours; HEAD as GET',
    async (_, open, fact) => {
      rig = await open();
      front = await rig.serve();
      const ids = await known(fact);
      const document = (await (await fetch(`${front.url}/openapi.json`)).json()) as OpenApi;
      const seen = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(oddRequests(document, ids), async (odd) => {
          const answer = await send(front.url, odd);
          seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
          expect(faultOf(answer, odd.method)).toBeUndefined();
          if (odd.method !== 'GET') return;
          const head = await send(front.url, { ...odd, method: 'HEAD' });
          expect([head.status, head.type]).toEqual([answer.status, answer.type]);
        }),
        { numRuns: 1_500 },
      );
      // Not all of it is refused at the door.
      expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 415]));
    },
    120_000,
  );
});
