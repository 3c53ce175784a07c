import type { Act, ActRequest, Params } from './act.ts';

/** One segment of a path. What comes from outside cannot leave its place in it. */
const segment = (value: string | undefined): string => encodeURIComponent(value ?? '');
const withReason = (reason: string | undefined) => (reason === undefined ? {} : { reason });

interface Told extends Omit<Act, 'name' | 'request' | 'danger' | 'needsReason'> {
  readonly danger?: boolean;
  readonly needsReason?: boolean;
  readonly service: string | ((params: Params) => string);
  path(params: Params): string;
  body?(params: Params): Readonly<Record<string, unknown>>;
  headers?(params: Params): Readonly<Record<string, string>>;
  /** The service keeps no reason for it, and refuses one. */
  readonly withoutReason?: boolean;
}

/** An act whose body is the reason, and what `body` adds. */
function act(name: string, { service, path, body, headers, withoutReason = false, ...told }: Told): Act {
  return {
    danger: false,
    needsReason: false,
    ...told,
    name,
    request: (params, reason): ActRequest => ({
      service: typeof service === 'string' ? service : service(params),
      path: path(params),
      body: { ...body?.(params), ...(withoutReason ? {} : withReason(reason)) },
      ...(headers && { headers: headers(params) }),
    }),
  };
}

const ofService = ({ service = '' }: Params): string => service;
const payment = ({ orderId }: Params): string => `/payments/${segment(orderId)}`;
const shipment = ({ orderId }: Params): string => `/shipments/${segment(orderId)}`;
const saga = ({ orderId }: Params): string => `/sagas/${segment(orderId)}`;
const unpublished = ({ id }: Params): string => `/unpublished/${segment(id)}`;

const CALL_WAIT_S = 5;

/** Which dead letters: those that are named, or all that match. */
function chosen({ ids, code, topic, type, key, status, includeQuarantined }: Params) {
  const quarantined = includeQuarantined === 'true' ? { includeQuarantined: true } : {};
  if (ids !== undefined) return { ids: ids.split(','), ...quarantined };
  const filter = Object.fromEntries(
    Object.entries({ code, topic, type, key, status }).filter(([, value]) => value !== undefined),
  );
  return { filter: Object.keys(filter).length === 0 ? { status: 'DEAD' } : filter, ...quarantined };
}

/** What an operator can do from the console: each act is one request to one service, in that operator's name. */
export const ACTS: readonly Act[] = [
  act('approve', {
    service: 'payment',
    params: ['orderId'],
    path: (params) => `${payment(params)}/approval`,
    body: () => ({ decision: 'approve' }),
    consequence: 'The payment is charged at once, and the order goes on.',
    done: 'It is approved; payment asks the provider for the charge.',
  }),
  act('reject', {
    service: 'payment',
    params: ['orderId'],
    path: (params) => `${payment(params)}/approval`,
    body: () => ({ decision: 'reject' }),
    consequence: 'Nothing is charged, and the order is cancelled. The customer reads the reason.',
    danger: true,
    done: 'It is rejected; order cancels it.',
  }),
  act('cancel-order', {
    service: 'order',
    params: ['orderId', 'customerId'],
    withoutReason: true,
    path: ({ orderId }) => `/orders/${segment(orderId)}/cancel`,
    headers: ({ customerId = '' }) => ({ 'x-customer-id': customerId }),
    consequence: 'The order ends as CANCELLED, and every service undoes what it did.',
    danger: true,
    done: 'It is cancelled; the services undo what they did.',
  }),
  act('retry-refund', {
    service: 'payment',
    params: ['orderId'],
    path: (params) => `${payment(params)}/refund/retry`,
    consequence: 'The provider is asked again at once, with the same key: the money is given back once.',
    done: 'The provider is asked again for the refund.',
  }),
  act('resolve-refund', {
    service: 'payment',
    params: ['orderId'],
    needsReason: true,
    path: (params) => `${payment(params)}/refund/resolve`,
    consequence:
      'You have paid the money back yourself. Nobody asks the provider again, and the order ends. Look into its ledger first: an attempt without an answer may have gone through.',
    danger: true,
    done: 'The refund is settled; the order ends.',
  }),
  act('retry-cancellation', {
    service: 'shipping',
    params: ['orderId'],
    path: (params) => `${shipment(params)}/cancellation/retry`,
    consequence: 'The carrier is asked again at once to take the shipment back.',
    done: 'The carrier is asked again.',
  }),
  act('resolve-cancellation', {
    service: 'shipping',
    params: ['orderId'],
    needsReason: true,
    path: (params) => `${shipment(params)}/cancellation/resolve`,
    consequence: 'You have settled the shipment with the carrier yourself. Nobody asks it again, and the order ends.',
    danger: true,
    done: 'The cancellation is settled; the order ends.',
  }),
  act('retry-saga', {
    service: 'order',
    params: ['orderId'],
    path: (params) => `${saga(params)}/retry`,
    consequence: 'The participant is asked again now, also for what it refused to undo.',
    done: 'The participant is asked again.',
  }),
  act('compensate-saga', {
    service: 'order',
    params: ['orderId'],
    needsReason: true,
    path: (params) => `${saga(params)}/compensate`,
    consequence: 'The saga is given up: what was done is undone, and the order ends as CANCELLED.',
    danger: true,
    done: 'The saga turns back; its steps are undone.',
  }),
  act('resolve-saga', {
    service: 'order',
    params: ['orderId'],
    needsReason: true,
    path: (params) => `${saga(params)}/resolve`,
    consequence: 'You have undone the step yourself. Participants are told to stop trying, and the order ends.',
    danger: true,
    done: 'The saga is settled; its order ends.',
  }),
  act('end-call', {
    service: ofService,
    params: ['service', 'call', 'key'],
    needsReason: true,
    path: ({ call, key }) => `/waiting/${segment(call)}/${segment(key)}/end?wait=${CALL_WAIT_S}`,
    consequence:
      'The call ends as if the outside had refused it in your words. It may have had its effect all the same: look there first.',
    danger: true,
    done: 'The call is ended; what follows from it goes on.',
  }),
  act('retry-unpublished', {
    service: ofService,
    params: ['service', 'id'],
    needsReason: true,
    path: (params) => `${unpublished(params)}/retry`,
    consequence: 'The relay publishes the record and what waits behind it, in order, within about a second.',
    done: 'The relay tries it again.',
  }),
  act('discard-unpublished', {
    service: ofService,
    params: ['service', 'id'],
    needsReason: true,
    path: (params) => `${unpublished(params)}/discard`,
    consequence: 'The event is never published, and its row is deleted. Who waits for it waits for ever.',
    danger: true,
    done: 'The relay lets it go; what waits behind it is published.',
  }),
  act('replay-dead-letters', {
    service: ofService,
    params: ['service'],
    needsReason: true,
    path: () => '/dead-letters/replays',
    body: chosen,
    consequence:
      'The messages are handled again, through the inbox: each takes effect once, however often it is replayed.',
    done: 'The replay has begun.',
  }),
  act('discard-dead-letter', {
    service: ofService,
    params: ['service', 'id'],
    needsReason: true,
    path: ({ id }) => `/dead-letters/${segment(id)}/discard`,
    consequence: 'The message never takes effect, and no copy of it does. What is parked behind it goes on.',
    danger: true,
    done: 'It is discarded; what was parked behind it goes on.',
  }),
];

export const actNamed = (name: string): Act | undefined => ACTS.find((one) => one.name === name);
