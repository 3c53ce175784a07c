import type { Message } from './message.ts';
import type { Outside } from './outside.ts';

/** What the services of a choreography ask of the outside about a message, before their transaction; the answer is an id or nothing. */
export function callsOf(outside: Outside) {
  return {
    charge: ({ order: { orderId, paymentToken: token }, amount }: Message) =>
      outside.charge({ orderId, amount, token }),
    refund: async ({ order: { orderId }, amount, chargeId = '' }: Message) => {
      await outside.refund({ orderId, amount, chargeId });
      return undefined;
    },
    book: ({ order }: Message) => outside.book(order),
    mail:
      (subject: string) =>
      async ({ order: { orderId } }: Message) => {
        await outside.mail(orderId, subject);
        return undefined;
      },
  };
}
