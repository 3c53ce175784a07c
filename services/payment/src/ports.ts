import { jsonClient, type Port, Refused } from '@troupe/chassis';
import {
  Charge,
  type ChargeOutcome,
  type ChargeRequest,
  Refund,
  type RefundOutcome,
  type RefundRequest,
} from './payment.ts';

const NAME = 'payment provider';
const LOOK_FIRST = "Look into the provider's ledger first: though nobody has answered,";

/** Charges at the provider: 201 is yes, 402 declines the card, any other refusal is about the charge. */
export function chargePort(providerUrl: string): Port<ChargeRequest, ChargeOutcome> {
  const provider = jsonClient(NAME, providerUrl);
  return {
    call: Charge,
    async perform({ orderId, amount, currency, paymentToken }, context) {
      const body = { amount, currency, token: paymentToken, reference: orderId };
      const answer = await provider.post('/v1/charges', body, context);
      if (answer instanceof Refused) return answer;
      const chargeId = answer.text('id');
      if (answer.status === 201 && chargeId !== undefined) return { kind: 'charged', chargeId };
      throw answer.unclear();
    },
    refused({ status, code, detail }) {
      if (status === 402) return { kind: 'declined', detail };
      return { kind: 'refused', detail: `The payment provider refused the charge (${status} ${code}): ${detail}` };
    },
    byHand: {
      lookFirst: `${LOOK_FIRST} the charge may be made. Give it back there before you end the call: the payment becomes FAILED, and nothing here gives it back.`,
      outcome: (words) => ({ kind: 'refused', detail: words }),
    },
  };
}

/** Refunds at the provider: 201 is yes. */
export function refundPort(providerUrl: string): Port<RefundRequest, RefundOutcome> {
  const provider = jsonClient(NAME, providerUrl);
  return {
    call: Refund,
    async perform({ orderId, chargeId, amount }, context) {
      const answer = await provider.post('/v1/refunds', { charge: chargeId, amount, reference: orderId }, context);
      if (answer instanceof Refused) return answer;
      const refundId = answer.text('id');
      if (answer.status === 201 && refundId !== undefined) return { kind: 'refunded', refundId };
      throw answer.unclear();
    },
    refused: ({ detail }) => ({ kind: 'refused', detail }),
    byHand: {
      lookFirst: `${LOOK_FIRST} the money may be given back. The payment becomes REFUND_FAILED and waits for you: retry it later, which comes to the refund that the ledger has, or resolve it when the customer has the money from you and the ledger has no refund.`,
      outcome: (words) => ({ kind: 'refused', detail: words, byHand: true }),
    },
  };
}
