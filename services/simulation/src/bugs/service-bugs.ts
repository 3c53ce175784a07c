import { cancel, type Effect } from '@troupe/chassis';
import type { AnyTable } from '@troupe/chassis/internal';
import type { PlantedBug } from './planted-bug.ts';
import { ignoring, type Rule, withRule } from './rule-bugs.ts';

type State = { readonly status: string } | undefined;

interface RuleBug {
  readonly service: string;
  readonly hears: string;
  /** What becomes of the sound rule. */
  readonly rule: Rule;
}

const ignored: Rule = () => ignoring;

/** The rule is applied only where it says so. */
const onlyIf =
  (does: (state: never) => boolean): Rule =>
  (original) =>
  (data, state, context) =>
    does(state as never) ? original(data, state, context) : ignoring();

/** The rule takes the state for another. */
export const believing =
  (change: (state: never) => unknown): Rule =>
  (original) =>
  (data, state, context) =>
    original(data, change(state as never), context);

/** Takes a state for `believed` where it is `status`. */
export const mistaking = (status: string, believed: object): Rule =>
  believing((state: State) => (state?.status === status ? { ...state, ...believed } : state));

const changing =
  (effects: (orderId: string) => readonly Effect[]): Rule =>
  (original) =>
  (data, state, context) => {
    const decision = original(data, state, context);
    const { orderId } = data as { readonly orderId: string };
    return decision.kind === 'decided' ? { ...decision, effects: effects(orderId) } : decision;
  };

const unended: Rule = believing((order: { state: object } | undefined) =>
  order === undefined
    ? order
    : { ...order, state: { ...order.state, money: 'TAKEN', standing: { status: 'PENDING' } } },
);

const cancelledAnyway: Rule = (original) => (data, state, context) => {
  const { request } = data as { readonly request: unknown };
  return original({ request, outcome: { kind: 'cancelled' } }, state, context);
};

/** Of the kind that people write. */
const BUGS: Readonly<Record<string, RuleBug>> = {
  'shipping leaves no tombstone': {
    service: 'shipping',
    hears: 'OrderCancelled',
    rule: onlyIf((shipment) => shipment !== undefined),
  },
  'payment forgets that the order was cancelled while it charged': {
    service: 'payment',
    hears: 'Charge',
    rule: believing((payment: object) => ({ ...payment, undoReason: undefined })),
  },
  'payment leaves the refund of a cancelled order to inventory': {
    service: 'payment',
    hears: 'OrderCancelled',
    rule: ignored,
  },
  'payment refunds again whenever it is told to': {
    service: 'payment',
    hears: 'OrderCancelled',
    rule: mistaking('REFUNDED', { status: 'COMPLETED' }),
  },
  'shipping forgets a booking that the carrier did not take back': {
    service: 'shipping',
    hears: 'CancelBooking',
    rule: cancelledAnyway,
  },
  'payment charges after the order was cancelled': {
    service: 'payment',
    hears: 'DecideApproval',
    rule: mistaking('FAILED', { status: 'AWAITING_APPROVAL', paymentToken: 'tok_ok' }),
  },
  'shipping forgets that the order was cancelled while it booked': {
    service: 'shipping',
    hears: 'Book',
    rule: believing((shipment: object) => ({ ...shipment, orderCancelled: undefined })),
  },
  'inventory sets aside twice for one order': {
    service: 'inventory',
    hears: 'PaymentCompleted',
    rule: believing((state: object) => ({ ...state, reservation: undefined })),
  },
  'inventory keeps what the carrier refused': { service: 'inventory', hears: 'ShipmentFailed', rule: ignored },
  'order confirms what was cancelled': { service: 'order', hears: 'ShipmentScheduled', rule: unended },
  'order ends twice': { service: 'order', hears: 'PaymentRefunded', rule: unended },
  'order takes its deadline back while an approval is awaited': {
    service: 'order',
    hears: 'PaymentApprovalRequired',
    rule: changing((orderId) => [cancel({ messageName: 'OrderDeadline' }, orderId)]),
  },
  'order leaves its deadline behind': { service: 'order', hears: 'ShipmentScheduled', rule: changing(() => []) },
  'notification tells the customer twice': {
    service: 'notification',
    hears: 'OrderConfirmed',
    rule: believing(() => undefined),
  },
};

const plant = ({ service, hears, rule }: RuleBug): ((table: AnyTable) => AnyTable) =>
  withRule(service, (name) => name === hears, rule);

/** Bugs in the rules of the services. */
export const SERVICE_BUGS: Readonly<Record<string, () => PlantedBug>> = Object.fromEntries(
  Object.entries(BUGS).map(([name, bug]) => [name, () => ({ table: plant(bug) })]),
);
