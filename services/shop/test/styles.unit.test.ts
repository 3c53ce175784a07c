import { describe, expect, it } from '@jest/globals';
import { command, decided, on, oneRow, reactions } from '@troupe/chassis';
import { OrderConfirmed, OrderCreated } from '@troupe/schemas';
import { type Style, styles } from '../src/index.ts';

interface Part extends Style {
  readonly orderId: string;
  readonly status: string;
}
const { choreographed, orchestrated } = styles<Part | undefined>((part) => part);
const RemoteStep = command('Ask', ({ orderId }: { readonly orderId: string }) => orderId);
const seen: unknown[] = [];
const react = (data: { readonly orderId: string }, _: Part | undefined) => {
  seen.push(data);
  return decided<Part>({ orderId: data.orderId, status: 'DONE' });
};
const parts = oneRow<Part>('toy', ({ orderId }) => orderId);
const table = reactions(parts, [
  choreographed(on(OrderCreated, { react })),
  orchestrated(on(RemoteStep, { react })),
  on(OrderConfirmed, { react }),
]);

const orderId = '01890000-0000-7000-8000-000000000000';
const part = (status: string, style: Style = {}): Part => ({ orderId, status, ...style });
const when = (message: string, data: object, state?: Part) =>
  table.find(message)?.react(data, state, { now: new Date(0), id: orderId });

describe('A choreographed row', () => {
  it('acts on an order without an orchestrator', () => {
    expect(when('OrderCreated', { orderId })).toMatchObject({ kind: 'decided' });
    expect(when('OrderCreated', { orderId, orchestrated: false }, part('NEW'))).toMatchObject({ kind: 'decided' });
  });

  it('ignores an order with one, be it the event that says so or what is kept of the order', () => {
    expect(when('OrderCreated', { orderId, orchestrated: true })).toMatchObject({ kind: 'ignored' });
    expect(when('OrderCreated', { orderId }, part('NEW', { orchestrated: true }))).toMatchObject({ kind: 'ignored' });
  });
});

describe('An orchestrated row', () => {
  it('gives its rule the mark to keep', () => {
    expect(when('Ask', { orderId })).toMatchObject({ kind: 'decided' });
    expect(seen.at(-1)).toEqual({ orderId, orchestrated: true });
  });

  it('refuses an order that the services run themselves', () => {
    expect(when('Ask', { orderId }, part('NEW'))).toMatchObject({
      kind: 'rejected',
      error: { code: 'ORDER_NOT_ORCHESTRATED', status: 409 },
    });
  });

  it('takes a tombstone, which has no style', () => {
    expect(when('Ask', { orderId }, part('VOID'))).toMatchObject({ kind: 'decided' });
  });
});

it('A row outside the sections acts in both styles', () => {
  for (const style of [{}, { orchestrated: true } as const]) {
    expect(when('OrderConfirmed', { orderId }, part('NEW', style))).toMatchObject({ kind: 'decided' });
  }
});
