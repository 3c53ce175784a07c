import type { Outage, Unavailable } from '../world/outage.ts';

export const OUTAGES = {
  'the payment provider': { calls: ['Charge', 'Refund'] },
  'the carrier': { calls: ['Book', 'CancelBooking'] },
  'the mail server': { calls: ['Send'] },
  payment: { service: 'payment' },
  inventory: { service: 'inventory' },
  shipping: { service: 'shipping' },
  notification: { service: 'notification' },
  'answers of payment': { answersOf: 'payment' },
  'answers of inventory': { answersOf: 'inventory' },
  'answers of shipping': { answersOf: 'shipping' },
} as const satisfies Readonly<Record<string, Unavailable>>;
export type Participant = keyof typeof OUTAGES;
/** The participants that can have an outage. The service `order` is none: it has to end the orders that the others leave. */
export const PARTICIPANTS = Object.keys(OUTAGES) as Participant[];

/** No order waits for a mail, so these outages may change no order. */
const NOT_AWAITED: readonly string[] = ['the mail server', 'notification'] satisfies readonly Participant[];

/** Whether orders may have to wait for the participant that has, or had, the outage. */
export const delaysOrders = ({ lastAffected }: Outage): boolean =>
  lastAffected !== undefined && !NOT_AWAITED.includes(lastAffected);
