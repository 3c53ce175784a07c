/** Whom a service of the shop asks by a call, or who has refused an undo. What is not listed is the outside. */
const OUTSIDE: Readonly<Record<string, string>> = {
  Charge: 'the provider',
  Refund: 'the provider',
  PaymentRefundFailed: 'the provider',
  Book: 'the carrier',
  CancelBooking: 'the carrier',
  ShipmentCancelFailed: 'the carrier',
  Send: 'the mail server',
};

export const outsideOf = (call: string): string =>
  Object.hasOwn(OUTSIDE, call) ? (OUTSIDE[call] ?? '') : 'the outside';
