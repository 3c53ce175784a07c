import { describe, expect, it } from '@jest/globals';
import { theChoreography } from '../../src/index.ts';
import type { Step } from '../../src/ways/flow.ts';
import type { Way } from '../../src/ways/way.ts';
import { waysOf } from '../../src/ways/ways.ts';
import { mapOf, row, smallTrade, smallTradeEvents } from './small-trade.ts';

const map = await theChoreography();

const told = ({ row: { service, hears }, says }: Step): string => `${service}: ${hears.name} > ${says.name}`;
/** What turns a way, and the event that ends it. */
function summary({ steps, turn, refusal }: Way): string {
  const turned = refusal?.step ?? steps[turn ?? steps.length];
  return `${turned === undefined ? 'good' : told(turned)} ... ${steps.at(-1)?.says.name}`;
}

describe('the ways in which an order can end', () => {
  it('are found in the tables, one for each step that turns it', () => {
    expect(waysOf(map).map(summary)).toEqual([
      'good ... OrderConfirmed',
      'payment: DecideApproval > Charge ... OrderConfirmed',
      'payment: Charge > PaymentFailed ... OrderCancelled',
      'inventory: PaymentCompleted > InventoryFailed ... OrderCancelled',
      'shipping: Book > ShipmentFailed ... OrderCancelled',
      'order: CancelOrder > OrderCancelled ... OrderCancelled',
      'payment: DecideApproval > PaymentFailed ... OrderCancelled',
      'order: OrderDeadline > OrderCancelled ... OrderCancelled',
      'payment: ApprovalExpiry > PaymentFailed ... OrderCancelled',
      'payment: Refund > PaymentRefundFailed ... OrderCancelled',
      'shipping: CancelBooking > ShipmentCancelFailed ... OrderCancelled',
    ]);
  });

  it('undo what was done before they end, where an answer turns them', () => {
    const refused = waysOf(map).find((way) => summary(way).startsWith('shipping: Book'));
    expect(refused?.steps.slice(refused.turn).map(told)).toEqual([
      'shipping: Book > ShipmentFailed',
      'inventory: ShipmentFailed > InventoryReleased',
      'payment: InventoryReleased > Refund',
      'payment: Refund > PaymentRefunded',
      'order: PaymentRefunded > OrderCancelled',
    ]);
    expect(refused?.undoing).toEqual([]);
  });

  it('undo all of it behind the end, where a customer ends the order, also what may still happen', () => {
    const cancelled = waysOf(map).find((way) => summary(way).startsWith('order: CancelOrder'));
    expect(cancelled?.undoing.map((steps) => steps.map(told))).toEqual([
      ['payment: OrderCancelled > Refund', 'payment: Refund > PaymentRefunded'],
      ['inventory: OrderCancelled > InventoryReleased'],
      ['shipping: OrderCancelled > CancelBooking', 'shipping: CancelBooking > ShipmentCancelled'],
    ]);
  });

  it('are none where no order can end well', () => {
    expect(waysOf(mapOf(smallTrade))).toEqual([]);
  });

  it('do not go over an event that cannot follow from one before it', () => {
    const ways = waysOf(mapOf(smallTrade, smallTradeEvents));
    expect(ways.map(summary)).toEqual([
      'good ... Ready',
      'seats: Booked > Full ... Cancelled',
      'money: Take > Refused ... Cancelled',
      'bookings: TooLate > Cancelled ... Cancelled',
      'seats: Free > NotFreed ... Cancelled',
    ]);
    const shortcut = row('seats: event Refused', { emits: ['Full'], starts: ['Free'] });
    const rows = smallTrade.map((other) => (other.hears.name === 'Refused' ? shortcut : other));
    const refused = waysOf(mapOf(rows, smallTradeEvents)).find((way) => summary(way).startsWith('money'));
    // Seats were held, so they are not full: they have to be freed.
    expect(refused?.steps.at(-2)?.says.name).toBe('Freed');
  });
});
