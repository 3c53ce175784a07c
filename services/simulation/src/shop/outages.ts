import { type ServiceName, serviceNames } from '@troupe/services';
import type { Outage, Unavailable } from '../world/outage.ts';

const SHOP_OUTAGES = {
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
/** Services in which no order takes part: each can have an outage as a whole. */
const BESIDE = serviceNames.filter((name) => name !== 'order' && !Object.hasOwn(SHOP_OUTAGES, name));

export type Participant = keyof typeof SHOP_OUTAGES | ServiceName;
const OUTAGES: Readonly<Record<string, Unavailable>> = {
  ...SHOP_OUTAGES,
  ...Object.fromEntries(BESIDE.map((service) => [service, { service }])),
};
/** What an outage of the participant takes away. */
export function outageOf(participant: Participant): Unavailable {
  const unavailable = OUTAGES[participant];
  if (unavailable === undefined) throw new Error(`${participant} can have no outage.`);
  return unavailable;
}

/** The participants that can have an outage. The service `order` is none: it has to end the orders that the others leave. */
export const PARTICIPANTS = Object.keys(OUTAGES) as Participant[];

/** No order waits for a mail or for a service beside, so these outages may change no order. */
const NOT_AWAITED: readonly string[] = ['the mail server', 'notification', ...BESIDE];

/** Whether orders may have to wait for the participant that has, or had, the outage. */
export const delaysOrders = ({ lastAffected }: Outage): boolean =>
  lastAffected !== undefined && !NOT_AWAITED.includes(lastAffected);
