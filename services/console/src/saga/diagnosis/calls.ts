import type { Work } from '../../contract/event.ts';
import type { ServiceFacts } from '../input.ts';
import { outsideOf } from '../shop/outside.ts';
import { clockOf, durationOf, strong } from '../words.ts';
import { type Case, callsOf, type Found, GRACE_MS, isAsking } from './case.ts';
import { act, cancelOrder, openService, otherwise } from './telling.ts';

/** So long a call may be under way before it is called unanswered. */
const SLOW_MS = 3_000;

/** Nobody asks any more, since nobody answered: the next try is made in a few seconds. */
export function circuitOpen(at: Case): Found | null {
  const known = at.facts.services[at.waits.service];
  const pending = [...callsOf(at), ...notListed(at)];
  const [call] = pending;
  const circuit = known?.circuits.find(
    ({ name, state }) => state !== 'closed' && pending.some((one) => one.name === name),
  );
  if (known === undefined || circuit === undefined || call === undefined) return null;
  const outside = outsideOf(circuit.name);
  const since = circuit.since === null ? Date.parse(call.since) : Date.parse(circuit.since);
  return {
    service: known.service,
    sentence: at.isMany
      ? `the circuit of ${outside} is open at ${strong(known.service)}: ten calls in a row had no answer.`
      : `${asks(at, call)}: its circuit is open${nextTry(circuit, at.now)}.`,
    known: `Since ${clockOf(since)}${circuit.lastError === null ? '' : `: ${circuit.lastError}`}. The call is repeated with the same idempotency key until ${outside} answers.${otherwise(at)}`,
    remedy: `See to ${outside}. ${known.service} tries again by itself every few seconds.`,
    actions: [openService(known.service), ...ending(at, call)],
    about: circuit.name,
    tone: 'alarm',
  };
}

/**
 * Calls that were never tried, since the circuit was open already: no service lists them. Who has taken in an event that leads to
 * a call, and has said nothing, waits with it.
 */
function notListed({ stage, waits, orderId }: Case): readonly Work[] {
  if (stage !== 'taken') return [];
  const { service, since, hearsId: causationId } = waits;
  const moment = new Date(since).toISOString();
  const never = { kind: 'call', attempts: 0, lastError: null, isBeingMade: false, causationId } as const;
  return waits.calls.map((name) => ({ ...never, service, name, key: orderId, since: moment, dueAt: moment }));
}

function nextTry({ nextTryAt }: ServiceFacts['circuits'][number], now: number): string {
  if (nextTryAt === null) return '';
  const left = Date.parse(nextTryAt) - now;
  return left > 0 ? `, next try in ${strong(durationOf(left))}` : ', it is tried now';
}

/** The outside does not answer. */
export function callUnanswered(at: Case): Found | null {
  const call = callsOf(at).find(
    ({ since, lastError }) => at.now - Date.parse(since) >= (lastError === null ? SLOW_MS : GRACE_MS),
  );
  if (call === undefined) return null;
  const outside = outsideOf(call.name);
  return {
    service: call.service,
    sentence: at.isMany
      ? `${outside} does not answer ${strong(call.name)} of ${strong(call.service)}.`
      : `${asks(at, call)}.`,
    known: `${call.lastError === null ? `Asked at ${clockOf(call.since)}, and still waiting.` : `Last: ${call.lastError}.`} The call is repeated with the same idempotency key until ${outside} answers.${otherwise(at)}`,
    remedy: `See to ${outside}. Or look what it did there, and end the call by hand.`,
    actions: [openService(call.service), ...ending(at, call)],
    about: call.name,
    tone: 'alarm',
  };
}

function asks({ now }: Case, call: Work): string {
  const time = strong(durationOf(now - Date.parse(call.since)));
  const whom = `${outsideOf(call.name)} (${call.name})`;
  if (call.attempts === 0) return `${strong(call.service)} waits to ask ${whom} for ${time}`;
  const tries = call.attempts > 1 ? `${strong(String(call.attempts))} times` : 'once';
  return `${strong(call.service)} asks ${whom} for ${time}, ${tries}, without an answer`;
}

/** A person who has looked what the outside did can speak in its place. */
function ending(at: Case, call: Work): Found['actions'] {
  if (at.isMany) return [];
  const { service, name, key } = call;
  const end = act(
    'end-call',
    'End the call…',
    { service, call: name, key },
    {
      consequence: `${service} goes on as if ${outsideOf(name)} had refused. Look first what it did.`,
      danger: true,
    },
  );
  return at.waits.isBack ? [end] : [...cancelOrder(at), end].slice(0, 1);
}

/** The outside has refused to undo something, and is asked again by itself. */
export function callRefused(at: Case): Found | null {
  const { waits, now, orderId } = at;
  if (waits.kind !== 'undo again' || waits.dueAt === null || isAsking(at)) return null;
  const left = waits.dueAt - now;
  const next = left > 0 ? `is asked again in ${strong(durationOf(left))}` : 'is being asked again';
  const outside = outsideOf(waits.hears);
  return {
    service: waits.service,
    sentence: `${outside} has refused to undo it${quoted(waits.detail)}, and ${at.isMany ? 'is asked again' : next}.`,
    known: 'After six refusals nobody asks any more, and a person has to settle it.',
    remedy: 'Nothing is to be done yet. Ask again now when you know that it will be accepted.',
    actions: at.isMany
      ? [{ kind: 'link', label: 'Open attention', href: '/attention' }]
      : undoActs(waits.hears, orderId),
    about: waits.hears,
    tone: 'caution',
  };
}

/** It is not tried any more: a person has to settle it. */
export function compensationFailed(at: Case): Found | null {
  const { waits, orderId, log } = at;
  const isRefused = waits.kind === 'undo again' && waits.dueAt === null;
  if (log?.status === 'COMPENSATION_FAILED') return sagaNotUndone(at);
  if (!isRefused || isAsking(at)) return null;
  const outside = outsideOf(waits.hears);
  return {
    service: waits.service,
    sentence: `${outside} has refused to undo it${quoted(waits.detail)}: nobody tries any more.`,
    known: `Since ${clockOf(waits.since)}. It stays so until a person acts.`,
    remedy: 'Ask again when the cause is mended, or settle it by hand and say so.',
    actions: at.isMany
      ? [{ kind: 'link', label: 'Open attention', href: '/attention' }]
      : undoActs(waits.hears, orderId),
    about: waits.hears,
    tone: 'alarm',
  };
}

function sagaNotUndone({ log, orderId, waits, isMany }: Case): Found {
  const failed = log?.steps.find(({ compensation }) => compensation?.status === 'FAILED');
  const what = failed === undefined ? 'a step' : `“${failed.name}”`;
  return {
    service: waits.orchestrator ?? waits.service,
    sentence: `${strong(waits.orchestrator ?? waits.service)} could not undo ${what}${quoted(failed?.compensation?.detail ?? null)}.`,
    known: 'Everything else is undone. It stays so until a person acts.',
    remedy: 'Try again when the cause is mended, or settle it by hand and say so.',
    actions: isMany
      ? [{ kind: 'link', label: 'Open attention', href: '/attention' }]
      : [
          act(
            'retry-saga',
            'Try again…',
            { orderId },
            { consequence: 'What could not be undone is asked for again.', danger: false },
          ),
          act(
            'resolve-saga',
            'Settled by hand…',
            { orderId },
            {
              consequence: 'It counts as undone; nobody asks for it again, and the order ends.',
              danger: true,
            },
          ),
        ],
    about: failed?.name ?? 'saga',
    tone: 'alarm',
  };
}

const quoted = (detail: string | null): string => (detail === null ? '' : `: “${detail}”`);

/** What people can do about an undo that was refused, by the event that says so. */
function undoActs(event: string, orderId: string): Found['actions'] {
  const acts = UNDO_ACTS[event];
  if (acts === undefined) return [];
  return [
    act(acts.retry, 'Ask again…', { orderId }, { consequence: 'It is asked for once more, at once.', danger: false }),
    act(
      acts.resolve,
      'Settled by hand…',
      { orderId },
      {
        consequence: 'It counts as undone, and nobody asks for it again.',
        danger: true,
      },
    ),
  ];
}

const UNDO_ACTS: Readonly<Record<string, { readonly retry: string; readonly resolve: string }>> = {
  PaymentRefundFailed: { retry: 'retry-refund', resolve: 'resolve-refund' },
  ShipmentCancelFailed: { retry: 'retry-cancellation', resolve: 'resolve-cancellation' },
};
