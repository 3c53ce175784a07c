import { describe, expect, it } from '@jest/globals';
import type { CommandDecision, Context } from '@troupe/chassis';
import fc from 'fast-check';
import { APPROVAL_LIMIT, SCARCE, tables } from './races/cast.ts';
import { REFUSED_BY_CARRIER } from './races/outside.ts';
import { interrupt, type Plan, play, type Script, type Sightings, scripts } from './races/performance.ts';
import type { AnyTable } from './races/stage.ts';

const good: Plan = { items: [{ sku: 'SKU-001', quantity: 1 }], total: APPROVAL_LIMIT, card: 'good', refundRefusals: 0 };
const scarce = [{ sku: SCARCE, quantity: 2 }];
const refused = [{ sku: REFUSED_BY_CARRIER, quantity: 1 }];

const STORIES: Readonly<Record<string, Plan>> = {
  good,
  'declined at payment': { ...good, card: 'declined' },
  'out of stock': { ...good, items: scarce },
  'out of stock and not refunded at first': { ...good, items: scarce, refundRefusals: 2 },
  'refused by the carrier': { ...good, items: refused },
  'refused by the carrier and not refunded for a long time': { ...good, items: refused, refundRefusals: 7 },
  'above the approval limit': { ...good, total: APPROVAL_LIMIT + 1 },
};

const runs = Number(process.env.RUNS ?? 3_000);
const seed = process.env.SEED === undefined ? {} : { seed: Number(process.env.SEED) };

describe('All services together', () => {
  const seen: Sightings = new Map();

  it('end consistent, whatever the order of things between them: no money, stock or message is lost or doubled', () => {
    fc.assert(
      fc.property(scripts, (script) => play(script, tables, seen)),
      { numRuns: runs, ...seed },
    );
  });

  it.each(Object.entries(STORIES))('end consistent, whatever happens at any step of an order that is %s', (_, plan) => {
    for (const late of [undefined, ...LATE]) {
      for (const what of ['cancel', 'approve', 'reject', 'timers'] as const) {
        for (let at = 0; interrupt({ plan, late, what, at }, seen); at += 1);
      }
    }
  });

  it('have met every race that they are meant to survive', () => {
    const races = [...seen].sort().map(([name, count]) => `${count}\t${name}`);
    if (process.env.SIGHTINGS) console.log(races.join('\n'));
    expect(RACES.filter((race) => !seen.has(race))).toEqual([]);
  });
});

/** Who may hear late from whom; `outside` is the payment provider or the carrier. */
const LATE = tables.flatMap(({ service, reactions }) => {
  const owners = reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.owner] : []));
  const calls = reactions.some(({ hears }) => hears.kind === 'call') ? ['outside'] : [];
  return [...new Set([...owners, ...calls])].map((from) => ({ service, from }));
});

/** Where the others may stand when the customer cancels (payment / reservation / shipment); undo that comes before its do. */
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
