import { type Port, partner } from '@troupe/chassis';
import {
  Charge,
  type ChargeOutcome,
  type ChargeRequest,
  Refund,
  type RefundOutcome,
  type RefundRequest,
} from './payment.ts';

const NAME = 'payment provider';

/** Charges at the provider: 201 is yes, 402 is no. Anything else is no answer and throws Retryable. */
export function chargePort(providerUrl: string): Port<ChargeRequest, ChargeOutcome> {
  const provider = partner(NAME, providerUrl);
  return {
    call: Charge,
    async perform({ orderId, amount, currency, paymentToken }, context) {
      const body = { amount, currency, token: paymentToken, reference: orderId };
      const answer = await provider.post('/v1/charges', body, context);
      const chargeId = answer.text('id');
      if (answer.status === 201 && chargeId !== undefined) return { kind: 'charged', chargeId };
      if (answer.status === 402) return { kind: 'declined', detail: answer.message };
      throw answer.unclear();
    },
  };
}

/** What asking again will hardly change. A call without an answer is repeated for ever; a no reaches a person in the end. */
const REFUSALS = new Set(['refund_refused', 'amount_too_large', 'charge_not_found']);

/** Refunds at the provider: 201 is yes, a refusal is no. Anything else is no answer and throws Retryable. */
export function refundPort(providerUrl: string): Port<RefundRequest, RefundOutcome> {
  const provider = partner(NAME, providerUrl);
  return {
    call: Refund,
    async perform({ orderId, chargeId, amount }, context) {
      const answer = await provider.post('/v1/refunds', { charge: chargeId, amount, reference: orderId }, context);
      const refundId = answer.text('id');
      if (answer.status === 201 && refundId !== undefined) return { kind: 'refunded', refundId };
      if (REFUSALS.has(answer.errorCode ?? '')) return { kind: 'refused', detail: answer.message };
      throw answer.unclear();
    },
  };
}
