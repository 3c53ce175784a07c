import type { Seen } from './seen.ts';

export type SagaStatus = 'in progress' | 'CONFIRMED' | 'CANCELLED';

/** How a saga stands, as far as its events tell. */
export function statusOf(events: readonly Seen[]): SagaStatus {
  const happened = namesOf(events);
  if (happened.has('OrderConfirmed')) return 'CONFIRMED';
  return happened.has('OrderCancelled') ? 'CANCELLED' : 'in progress';
}

/**
 * Whether nothing more is to come: the customer was told how it ended, and of a cancelled order the money was given back
 * or never taken, the stock released and the shipment cancelled.
 */
export function isOver(events: readonly Seen[]): boolean {
  const status = statusOf(events);
  if (status === 'in progress' || !wasTold(events, `ORDER_${status}`)) return false;
  const happened = namesOf(events);
  const undone = (done: string, undo: string): boolean => !happened.has(done) || happened.has(undo);
  const noMoneyKept = happened.has('PaymentRefunded') || happened.has('PaymentFailed');
  return (
    status === 'CONFIRMED' ||
    (noMoneyKept &&
      undone('InventoryReserved', 'InventoryReleased') &&
      undone('ShipmentScheduled', 'ShipmentCancelled'))
  );
}

const namesOf = (events: readonly Seen[]): ReadonlySet<string> =>
  new Set(events.filter(({ kind }) => kind === 'event').map(({ name }) => name));

const wasTold = (events: readonly Seen[], template: string): boolean =>
  events.some(({ service, data }) => service === 'notification' && data.template === template);
