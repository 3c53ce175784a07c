import type { SagaLog } from '@troupe/chassis';
import { contradictoryFacts, type OrderOutcome, outcomeViolations, SCARCE, statusesOf } from '@troupe/simulation/shop';
import type { OrderView } from '../model/order-states.ts';
import { ORDER } from './order.ts';
import type { Outside } from './outside.ts';

type View = OrderView<Outside>;

interface Standing {
  readonly status: string;
  readonly reason?: string;
}
interface Stock {
  readonly initial: number;
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

const standingOf = (row: unknown): Standing | undefined =>
  (row as { readonly state: { readonly standing: Standing } } | undefined)?.state.standing;

/** Where an order stands in each service, and what was done for it outside. */
export function outcomeOf({ rows, outside }: View): OrderOutcome {
  const { charges, refunds, bookings, live: liveBookings, emails } = outside;
  const [confirmations, cancellations] = [emails.ORDER_CONFIRMED ?? 0, emails.ORDER_CANCELLED ?? 0];
  return {
    ...statusesOf(rows, standingOf, ORDER),
    ...{ charges, refunds, bookings, liveBookings, confirmations, cancellations },
  };
}

/** What must never be, in any state. */
export function faultsOf(view: View): string[] {
  const found = outcomeOf(view);
  const { order, payment, reservation, shipment, charges, refunds, liveBookings } = found;
  const never = (is: boolean, what: string): string[] => (is ? [`${what}: ${JSON.stringify(found)}`] : []);
  const { initial, restocked, available, reserved, shipped } = view.shared('inventory').get(`stock/${SCARCE}`) as Stock;
  return [
    ...contradictoryFacts(view.outside.said).map((fact) => `the order ${fact}`),
    ...never(charges > 1, 'the customer is charged twice'),
    ...never(refunds > charges, 'more is given back than was taken'),
    ...never(liveBookings > 1, 'two parcels are on their way'),
    ...never(
      payment === 'COMPLETED' && (charges !== 1 || refunds !== 0),
      'payment says COMPLETED, and the money is not there',
    ),
    ...never(payment === 'REFUNDED' && refunds !== 1, 'payment says REFUNDED, and the money is not back'),
    ...never(
      reservation === 'SHIPPED' && order !== 'CONFIRMED',
      'units leave the warehouse for an order that is not confirmed',
    ),
    ...never(
      order === 'CONFIRMED' && (payment !== 'COMPLETED' || shipment !== 'SCHEDULED'),
      'an order is confirmed that is not paid and sent',
    ),
    ...never(
      order === 'CONFIRMED' && !['RESERVED', 'SHIPPED'].includes(reservation),
      'an order is confirmed without its units',
    ),
    ...never(initial + restocked !== available + reserved + shipped, 'units are made or lost'),
  ];
}

/** What must hold when nothing more happens by itself. */
export function faultsAtEnd(views: readonly View[]): string[] {
  const stock = views[0]?.shared('inventory').get(`stock/${SCARCE}`) as Stock;
  const sold = views.filter((view) => outcomeOf(view).order === 'CONFIRMED').length;
  const kept = views.filter((view) => isLeftToPerson(view)).length;
  const isRight = stock.shipped === sold && stock.reserved === kept;
  return [
    ...views.flatMap((view) => {
      const found = outcomeOf(view);
      return outcomeViolations(isLeftToPerson(view) ? { ...found, reservation: 'RELEASED' } : found);
    }),
    ...(isRight ? [] : [`${sold} orders are confirmed, and the stock is ${JSON.stringify(stock)}`]),
  ];
}

/** A person has said that units are taken care of which inventory, asked to release them, never answered for. */
function isLeftToPerson(view: View): boolean {
  const { saga } = (view.rows('order').get(ORDER) ?? {}) as { readonly saga?: SagaLog };
  const isResolved = saga?.steps.some(
    ({ name, compensation }) => name === 'reserve stock' && compensation?.status === 'RESOLVED',
  );
  return isResolved === true && outcomeOf(view).reservation === 'RESERVED';
}

/** Whether the customer need not wait any more. */
export const isOrderAtRest = (view: View): boolean =>
  ['CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'].includes(outcomeOf(view).order);

/** An end in words: how the order stands, and each service. */
export function endOf(view: View): string {
  const { order, payment, reservation, shipment } = outcomeOf(view);
  const { reason } = standingOf(view.rows('order').get(ORDER)) ?? {};
  const byHand = isLeftToPerson(view) ? ' (left to a person)' : '';
  const parts = [`payment ${payment}`, `reservation ${reservation}${byHand}`, `shipment ${shipment}`];
  return `${order}${reason === undefined ? '' : ` (${reason})`}: ${parts.join(', ')}`;
}
