import { type CallContext, type Port, Retryable } from '@troupe/chassis';
import {
  Charge,
  type ChargeOutcome,
  type ChargeRequest,
  Refund,
  type RefundOutcome,
  type RefundRequest,
} from './payment.ts';

/** As much as is kept of what the provider says. */
const LONGEST_DETAIL = 200;

/** Charges at the provider: 201 is yes, 402 is no. Anything else is no answer and throws Retryable. */
export function chargePort(providerUrl: string): Port<ChargeRequest, ChargeOutcome> {
  return {
    call: Charge,
    async perform({ orderId, amount, currency, paymentToken }, context) {
      const body = { amount, currency, token: paymentToken, reference: orderId };
      const answer = await post(`${providerUrl}/v1/charges`, body, context);
      const id = answer.body.id;
      if (answer.status === 201 && typeof id === 'string') return { kind: 'charged', chargeId: id };
      if (answer.status === 402) return { kind: 'declined', detail: messageOf(answer) };
      throw noAnswer(answer);
    },
  };
}

/** Refunds at the provider: 201 is yes, 422 `refund_refused` is no. Anything else is no answer and throws Retryable. */
export function refundPort(providerUrl: string): Port<RefundRequest, RefundOutcome> {
  return {
    call: Refund,
    async perform({ orderId, chargeId, amount }, context) {
      const body = { charge: chargeId, amount, reference: orderId };
      const answer = await post(`${providerUrl}/v1/refunds`, body, context);
      const id = answer.body.id;
      if (answer.status === 201 && typeof id === 'string') return { kind: 'refunded', refundId: id };
      if (answer.status === 422 && errorOf(answer).code === 'refund_refused') {
        return { kind: 'refused', detail: messageOf(answer) };
      }
      throw noAnswer(answer);
    },
  };
}

type Json = Readonly<Record<string, unknown>>;
interface ProviderAnswer {
  readonly status: number;
  readonly body: Json;
}

/** The provider does the work of a key once, so a request that got no answer is sent again as it is. */
async function post(
  url: string,
  body: Json,
  { idempotencyKey, signal, headers }: CallContext,
): Promise<ProviderAnswer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey, ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    const parsed: unknown = await response.json();
    return { status: response.status, body: objectOf(parsed) };
  } catch (error) {
    throw new Retryable(
      'PROVIDER_NO_ANSWER',
      `The payment provider gave no answer that can be read: ${reasonOf(error)}`,
      {
        cause: error,
      },
    );
  }
}

function noAnswer(answer: ProviderAnswer): Retryable {
  const said = `${answer.status} ${String(errorOf(answer).code ?? '')}`.trim();
  return new Retryable(
    'PROVIDER_NO_ANSWER',
    `The payment provider said neither yes nor no: ${said}, ${messageOf(answer)}`,
  );
}

function messageOf(answer: ProviderAnswer): string {
  const { message } = errorOf(answer);
  const text = typeof message === 'string' ? message : 'The payment provider gave no reason.';
  return text.replace(/[\p{Cc}\p{Cs}]/gu, ' ').slice(0, LONGEST_DETAIL);
}

function errorOf({ body }: ProviderAnswer): Json {
  return objectOf(body.error);
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** `fetch` says only "fetch failed"; what happened is its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
