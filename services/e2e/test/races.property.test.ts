import { describe, expect, it } from '@jest/globals';
import type { CommandDecision, Context } from '@troupe/chassis';
import fc from 'fast-check';
import { tables } from './races/cast.ts';
import { play, type Script, type Sightings, scripts } from './races/performance.ts';
import type { AnyTable } from './races/stage.ts';

const runs = Number(process.env.RUNS ?? 3_000);
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };

describe('All services together', () => {
  it('end consistent, whatever the order of things between them: no money, stock or message is lost or doubled', () => {
    fc.assert(
      fc.property(scripts, (script) => play(script)),
      { numRuns: runs, ...seed },
    );
  });

  it('are tried in every race that they are meant to survive', () => {
    const seen: Sightings = new Map();
    fc.assert(
      fc.property(scripts, (script) => play(script, tables, seen)),
      { numRuns: 2_000, seed: 1 },
    );
    if (process.env.SIGHTINGS)
      console.log(
        [...seen]
          .sort()
          .map(([name, count]) => `${count}\t${name}`)
          .join('\n'),
      );
    expect([...RACES].filter((race) => !seen.has(race))).toEqual([]);
  });
});

/** Where the saga may stand when its customer cancels, and the undo that comes before its do. */
const RACES = [
  'ended CONFIRMED',
  'ended CANCELLED',
  'cancelled while nothing / nothing / nothing',
  'cancelled while AWAITING_APPROVAL / nothing / nothing',
  'cancelled while CHARGING / nothing / nothing',
  'cancelled while COMPLETED / nothing / nothing',
  'cancelled while COMPLETED / RESERVED / nothing',
  'cancelled while COMPLETED / RESERVED / BOOKING',
  'cancelled while COMPLETED / RESERVED / SCHEDULED',
  'cancelled while COMPLETED / RESERVED / FAILED',
  'cancelled while COMPLETED / RELEASED / FAILED',
  'cancelled while COMPLETED / FAILED / nothing',
  'cancelled while REFUNDING / FAILED / nothing',
  'cancelled while REFUND_FAILED / FAILED / nothing',
  'cancelled while REFUNDED / RELEASED / FAILED',
  'cancelled while FAILED / nothing / nothing',
  'inventory: PaymentCompleted ignored VOID',
  'shipping: InventoryReserved ignored VOID',
  'payment: Charge decided REFUNDING',
  'payment: ApprovalExpiry ignored CHARGING',
  'payment: DecideApproval rejected FAILED',
  'payment: DecideApproval decided CHARGING',
  'payment: Refund decided REFUND_FAILED',
  'payment: RetryRefund decided REFUNDING',
  'payment: OrderCreated ignored COMPLETED',
  'shipping: Book decided CANCELLING',
  'order: OrderDeadline decided CANCELLED',
  'order: ShipmentScheduled ignored CANCELLED',
  'order: PaymentCompleted ignored CONFIRMED',
  'order: PaymentCompleted decided CANCELLED',
  'order: PaymentRefundFailed decided NEEDS_ATTENTION',
  'order: CancelOrder rejected CONFIRMED',
  'order: CancelOrder ignored NEEDS_ATTENTION',
];

type React = (data: never, state: never, context: Context) => CommandDecision<unknown>;

/** The cast with one rule replaced. */
function withBug(service: string, type: string, bug: (react: React) => React): readonly AnyTable[] {
  return tables.map((table) => {
    if (table.service !== service) return table;
    const sound = table.find(type);
    if (sound === undefined) throw new Error(`${service} has no rule for ${type} to break.`);
    const broken = { ...sound, react: bug(sound.react as React) } as typeof sound;
    return { ...table, find: (name) => (name === type ? broken : table.find(name)) };
  });
}

const nothingDone: CommandDecision<unknown> = { kind: 'ignored', reason: 'planted' };
const onlyIf =
  (known: (state: never) => boolean) =>
  (react: React): React =>
  (data, state, context) =>
    known(state) ? react(data, state, context) : nothingDone;
const seeing =
  (change: (state: never) => unknown) =>
  (react: React): React =>
  (data, state, context) =>
    react(data, change(state) as never, context);

/** Bugs of the kind that people write. Each must be found, or the property above means nothing. */
const BUGS: readonly (readonly [string, string, string, (react: React) => React])[] = [
  [
    'inventory leaves no tombstone',
    'inventory',
    'OrderCancelled',
    onlyIf((state: { reservation?: unknown }) => state.reservation !== undefined),
  ],
  ['shipping leaves no tombstone', 'shipping', 'OrderCancelled', onlyIf((state) => state !== undefined)],
  [
    'payment forgets that the order was cancelled while it charged',
    'payment',
    'Charge',
    seeing((state: object) => ({ ...state, undoReason: undefined })),
  ],
  ['payment leaves the refund of a cancelled order to inventory', 'payment', 'OrderCancelled', () => () => nothingDone],
  ['payment does not refund what is out of stock', 'payment', 'InventoryFailed', () => () => nothingDone],
  [
    'payment refunds again whenever it is told to',
    'payment',
    'OrderCancelled',
    seeing((state?: { status: string }) => (state?.status === 'REFUNDED' ? { ...state, status: 'COMPLETED' } : state)),
  ],
  [
    'shipping forgets that the order was cancelled while it booked',
    'shipping',
    'Book',
    seeing((state: object) => ({ ...state, orderCancelled: undefined })),
  ],
  [
    'inventory sets aside twice for one order',
    'inventory',
    'PaymentCompleted',
    seeing((state: object) => ({ ...state, reservation: undefined })),
  ],
  ['inventory keeps what the carrier refused', 'inventory', 'ShipmentFailed', () => () => nothingDone],
  [
    'order confirms what was cancelled',
    'order',
    'ShipmentScheduled',
    seeing((order: { state: object }) => ({ ...order, state: { ...order.state, standing: { status: 'PENDING' } } })),
  ],
  [
    'order ends twice',
    'order',
    'PaymentRefunded',
    seeing((order: { state: object }) => ({
      ...order,
      state: { ...order.state, money: 'TAKEN', standing: { status: 'PENDING' } },
    })),
  ],
  [
    'order forgets its deadline after an approval',
    'order',
    'PaymentCompleted',
    (react) => (data, state, context) => {
      const decision = react(data, state, context);
      return decision.kind === 'decided' ? { ...decision, effects: [] } : decision;
    },
  ],
  ['notification tells the customer twice', 'notification', 'OrderConfirmed', seeing(() => undefined)],
];

describe('The property finds', () => {
  it.each(BUGS)('%s', (_, service, type, bug) => {
    const cast = withBug(service, type, bug);
    const { failed } = fc.check(
      fc.property(scripts, (script: Script) => play(script, cast)),
      { numRuns: 3_000, seed: 1, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});
