import { describe, expect, it } from '@jest/globals';
import type { SagaDetail, Step } from '../../src/contract/saga.ts';
import { curlOf } from '../../web/src/try/curl.ts';
import { sayings } from '../../web/src/try/words.ts';

const PLACED = '2026-12-01T02:00:00.000Z';
const step = (event: string, service: string, more: Partial<Step> = {}): Step =>
  ({
    id: event,
    event,
    service,
    state: 'done',
    at: null,
    hears: null,
    oneOf: [event],
    withinMs: null,
    nobodyWaits: false,
    fact: '',
    ...more,
  }) as Step;
const at = (ms: number) => new Date(Date.parse(PLACED) + ms).toISOString();
const told = (steps: readonly Step[]) =>
  sayings({ placedAt: PLACED, steps } as unknown as SagaDetail).map(({ when, text, tense }) => [when, text, tense]);

describe('A saga in words', () => {
  it('tells what was said in its order, then what is under way, then what is owed', () => {
    const saga = told([
      step('OrderCreated', 'order', { at: at(0), hears: 'PlaceOrder' }),
      step('LoyaltyEarned', 'loyalty', {
        state: 'expected',
        hears: 'PaymentCompleted',
        withinMs: 10_000,
        nobodyWaits: true,
      }),
      step('PaymentCompleted', 'payment', { at: at(168), hears: 'OrderCreated', fact: '$65.99 charged' }),
      step('InventoryReserved', 'inventory', { state: 'running', hears: 'PaymentCompleted' }),
    ]);
    expect(saga).toEqual([
      ['0', '**order** took the order in and said **OrderCreated**.', 'past'],
      ['+168 ms', '**payment** heard **OrderCreated** and said **PaymentCompleted**: $65.99 charged.', 'past'],
      ['now', '**inventory** works on **PaymentCompleted** …', 'present'],
      ['then', '**loyalty** will say **LoyaltyEarned**, within 10 s. Nobody waits for it.', 'future'],
    ]);
  });
  it('says once where it turns back', () => {
    const saga = told([
      step('ShipmentFailed', 'shipping', { state: 'refused', at: at(331), hears: 'InventoryReserved' }),
      step('InventoryReleased', 'inventory', {
        state: 'undo-done',
        at: at(356),
        hears: 'ShipmentFailed',
        fact: '1 back in stock',
      }),
    ]);
    expect(saga.map(([, text]) => text)).toEqual([
      '**shipping** heard **InventoryReserved** and said **ShipmentFailed**. From here everything is undone, last step first.',
      '**inventory** heard **ShipmentFailed** and took it back with **InventoryReleased**: 1 back in stock.',
    ]);
  });
  it('does not tell what will not happen any more', () => {
    expect(told([step('ShipmentScheduled', 'shipping', { state: 'skipped' })])).toEqual([]);
  });
});

describe('The command of a story', () => {
  it('holds its order in a shell’s quotes', () => {
    const curl = curlOf({ items: [{ sku: "it's", quantity: 1 }], paymentToken: 'tok_ok' });
    const json = /'([\s\S]*)'$/.exec(curl)?.[1]?.replaceAll(String.raw`'\''`, "'");
    expect(JSON.parse(json ?? '')).toEqual({ items: [{ sku: "it's", quantity: 1 }], paymentToken: 'tok_ok' });
  });
});
