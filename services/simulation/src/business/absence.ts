import type { Absence, Gone } from '../machine/absence.ts';

export const GONE = {
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
} as const satisfies Readonly<Record<string, Gone>>;
export type Participant = keyof typeof GONE;
/** Whoever an order can lose. Order itself is not among them: it is what ends an order that others leave alone. */
export const PARTICIPANTS = Object.keys(GONE) as Participant[];

/** Nobody waits for a mail, so that no order may be the worse for it. */
const WAITED_FOR_BY_NOBODY: readonly string[] = ['the mail server', 'notification'] satisfies readonly Participant[];

/** Whether somebody is, or was, away for whom an order may have to wait. */
export const isWaitedFor = ({ lately }: Absence): boolean =>
  lately !== undefined && !WAITED_FOR_BY_NOBODY.includes(lately);
