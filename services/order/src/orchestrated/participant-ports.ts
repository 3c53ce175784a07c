import {
  type Accepted,
  type AnyRemoteStep,
  type CallContext,
  type JsonAnswer,
  type JsonClient,
  jsonClient,
  type Port,
  Refused,
  type StepAnswer,
  stepPort,
} from '@troupe/chassis';
import type { Ending } from '../domain/order.ts';
import type { ChargeRequest, Refunding, Releasing, Reserving, Undoing } from './participants.ts';

export interface ParticipantUrls {
  readonly paymentUrl: string;
  readonly inventoryUrl: string;
  readonly shippingUrl: string;
}

/** How long one look waits for a busy participant, in seconds; shorter than the time-out of an attempt. */
const LOOK_S = 3;

/** The services that are asked. */
export interface Participants {
  readonly payment: JsonClient;
  readonly inventory: JsonClient;
  readonly shipping: JsonClient;
}

/** How each remote step is asked for, and of whom. */
export function performersOf({ payment, inventory, shipping }: Participants) {
  return {
    ChargePayment: ['payment', charging(payment)],
    RefundPayment: ['payment', refunding(payment)],
    ReserveStock: ['inventory', reserving(inventory)],
    ReleaseStock: ['inventory', releasing(inventory)],
    ScheduleShipment: ['shipping', scheduling(shipping)],
    CancelShipment: ['shipping', cancelling(shipping)],
  } as const;
}

/** The ports of a saga's remote steps, each within the limits of its step. */
export function participantPorts<S>(
  asks: readonly AnyRemoteStep<S>[],
  urls: ParticipantUrls,
): readonly Port<never, unknown>[] {
  const performers = performersOf({
    payment: jsonClient('payment service', urls.paymentUrl),
    inventory: jsonClient('inventory service', urls.inventoryUrl),
    shipping: jsonClient('shipping service', urls.shippingUrl),
  });
  return asks.map((ask) => {
    const [participant, perform] = performers[ask.call.messageName as keyof typeof performers];
    return stepPort(
      ask,
      participant,
      perform as (request: never, context: CallContext) => Promise<StepAnswer | Refused>,
    );
  });
}

type Performs<Request> = (request: Request, context: CallContext) => Promise<StepAnswer | Refused>;

function charging(payment: JsonClient): Performs<ChargeRequest> {
  return async (request, context) => {
    const answer = await asked(
      payment,
      { path: '/payments', body: request, look: `/payments/${request.orderId}` },
      context,
    );
    if (answer instanceof Refused) return answer;
    switch (statusOf(answer)) {
      case 'COMPLETED':
        return done({ paymentId: known(answer, 'paymentId'), amount: amountOf(answer) });
      case 'CHARGING':
        return underWay('The payment is being charged.');
      case 'AWAITING_APPROVAL':
        return {
          kind: 'waiting',
          code: 'APPROVAL',
          detail: 'A person has to approve the payment.',
          until: untilOf(answer),
        };
      case 'FAILED':
        return refused(CHARGE_REFUSALS[answer.text('reason') ?? ''] ?? 'UNKNOWN', answer.text('detail'));
      default:
        return notThis('payment', answer);
    }
  };
}

const CHARGE_REFUSALS: Readonly<Record<string, Ending['reason']>> = {
  DECLINED: 'PAYMENT_DECLINED',
  PROVIDER_REFUSED: 'PAYMENT_REFUSED',
  APPROVAL_REJECTED: 'APPROVAL_REJECTED',
  APPROVAL_TIMEOUT: 'APPROVAL_TIMEOUT',
};

function refunding(payment: JsonClient): Performs<Refunding> {
  return async ({ orderId, reason, ...later }, context) => {
    const look = `/payments/${orderId}`;
    const again = { path: `${look}/refund`, when: 'REFUND_FAILED', ...later };
    const answer = await asked(payment, { path: `${look}/refunds`, body: { reason }, look, again }, context);
    if (answer instanceof Refused) return answer;
    const paymentId = answer.text('paymentId');
    switch (statusOf(answer)) {
      case 'VOID':
      case 'FAILED':
        return done({ amount: 0, byHand: false });
      case 'REFUNDED':
      case 'RESOLVED':
        return done({ paymentId, amount: amountOf(answer), byHand: answer.text('status') === 'RESOLVED' });
      case 'REFUND_FAILED':
        return refused('REFUND_FAILED', answer.text('detail'));
      default:
        return underWay('The money is on its way back.');
    }
  };
}

function reserving(inventory: JsonClient): Performs<Reserving> {
  return async (body, context) => {
    const answer = await asked(inventory, { path: '/reservations', body }, context);
    if (answer instanceof Refused) return answer;
    const status = statusOf(answer);
    if (status === 'RESERVED') return done({});
    if (status === 'FAILED') return refused('OUT_OF_STOCK', answer.text('detail') ?? answer.text('reason'));
    return notThis('reservation', answer);
  };
}

function releasing(inventory: JsonClient): Performs<Releasing> {
  return async ({ orderId, items, reason }, context) => {
    const path = `/reservations/${orderId}/release`;
    const answer = await asked(inventory, { path, body: { items, reason } }, context);
    if (answer instanceof Refused) return answer;
    const status = statusOf(answer);
    return ['RELEASED', 'VOID', 'FAILED'].includes(status)
      ? done({})
      : refused(status, `The reservation is ${status}.`);
  };
}

function scheduling(shipping: JsonClient): Performs<Reserving> {
  return async (body, context) => {
    const answer = await asked(shipping, { path: '/shipments', body, look: `/shipments/${body.orderId}` }, context);
    if (answer instanceof Refused) return answer;
    switch (statusOf(answer)) {
      case 'SCHEDULED': {
        const [shipmentId, carrier] = [known(answer, 'shipmentId'), known(answer, 'carrier')];
        return done({ shipmentId, carrier, trackingNumber: known(answer, 'trackingNumber') });
      }
      case 'BOOKING':
        return underWay('The carrier is being asked.');
      case 'FAILED':
        return refused('SHIPMENT_REFUSED', answer.text('detail'));
      default:
        return notThis('shipment', answer);
    }
  };
}

function cancelling(shipping: JsonClient): Performs<Undoing> {
  return async ({ orderId, ...later }, context) => {
    const look = `/shipments/${orderId}`;
    const again = { path: `${look}/cancellation`, when: 'CANCEL_FAILED', ...later };
    const answer = await asked(shipping, { path: `${look}/cancel`, body: {}, look, again }, context);
    if (answer instanceof Refused) return answer;
    const status = statusOf(answer);
    if (['CANCELLED', 'RESOLVED', 'FAILED', 'VOID'].includes(status)) return done({});
    if (status === 'CANCEL_FAILED') return refused('CANCEL_FAILED', answer.text('detail'));
    return underWay('The carrier is being asked to take the parcel back.');
  };
}

interface Asked {
  readonly path: string;
  readonly body: object;
  /** Where to look until it is settled. Absent: the answer itself has the outcome. */
  readonly look?: string;
  /** A participant in this failed status is told here to try again, or that a person has settled it. */
  readonly again?: { readonly path: string; readonly when: string } & Omit<Undoing, 'orderId'>;
}

/**
 * Sends a command, then looks at its outcome: a command that was sent before is answered with the kept answer of that moment.
 *
 * @throws Retryable when there was no answer, or the participant asks for another try.
 */
async function asked(
  participant: JsonClient,
  { path, body, look, again }: Asked,
  context: CallContext,
): Promise<JsonAnswer> {
  const taken = await participant.post(path, { ...body }, context);
  if (look === undefined || taken instanceof Refused) return taken;
  const seen = await looked(participant, look, context);
  if (seen instanceof Refused || again === undefined || seen.text('status') !== again.when) return seen;
  const { round, settlement } = again;
  if (round === 0) return seen;
  const [act, said] = settlement === undefined ? ['retry', {}] : ['resolve', { reason: settlement }];
  // A refusal says that nothing is left to retry or to resolve; the look shows what there is.
  await participant.post(`${again.path}/${act}`, said, {
    ...context,
    idempotencyKey: `${context.idempotencyKey}/${act}/${round}`,
    headers: { ...context.headers, ...ORCHESTRATOR },
  });
  return looked(participant, look, context);
}

/** The command was accepted by then. A refused look must not count as "not done". */
async function looked(participant: JsonClient, look: string, context: CallContext): Promise<JsonAnswer> {
  const seen = await participant.get(`${look}?wait=${LOOK_S}`, context);
  return seen instanceof Refused ? new Refused({ ...seen, mayBeDone: true }) : seen;
}

/** Who acts, in the participants' audit trails. */
const ORCHESTRATOR = { 'x-operator': 'conductor' };

/** @throws Retryable when the answer does not have it: then nobody knows what was done. */
function known(answer: Accepted, field: string): string {
  const value = answer.text(field);
  if (value === undefined) throw answer.unclear();
  return value;
}

const statusOf = (answer: Accepted): string => known(answer, 'status');

/** @throws Retryable like `known`. */
function amountOf(answer: Accepted): number {
  const amount = answer.number('amount');
  if (amount === undefined) throw answer.unclear();
  return amount;
}

const done = (learned: object): StepAnswer => ({ kind: 'done', learned });
const underWay = (detail: string): StepAnswer => ({ kind: 'waiting', code: 'UNDER_WAY', detail, until: null });
const refused = (code: string, detail = 'No reason was given.'): StepAnswer => ({ kind: 'refused', code, detail });
/** A status in which no step ends, perhaps of a later version. Whatever was done is undone. */
const notThis = (thing: string, answer: Accepted): StepAnswer => {
  return { kind: 'refused', code: 'UNKNOWN', detail: `The ${thing} is ${statusOf(answer)}.`, mayBeDone: true };
};

/** @throws Retryable when it is not a moment, because nobody could wait for it. */
function untilOf(answer: Accepted): string | null {
  const until = answer.text('approvalExpiresAt');
  if (until !== undefined && Number.isNaN(Date.parse(until))) throw answer.unclear();
  return until ?? null;
}
