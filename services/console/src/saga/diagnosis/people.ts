import { clockOf, durationOf, strong } from '../words.ts';
import { type Case, type Found, GRACE_MS, hasLasted, isAsking, waitedMs } from './case.ts';
import { act, head, openService, otherwise } from './telling.ts';

/** A person has to decide. */
export function awaitingApproval(at: Case): Found | null {
  const { waits, orderId, now, isMany } = at;
  // Who has a call under way has a decision.
  if (waits.kind !== 'decision' || isAsking(at)) return null;
  const left = waits.dueAt === null ? null : waits.dueAt - now;
  const until =
    left === null ? '' : left > 0 ? ` It is refused by itself in ${strong(durationOf(left))}.` : ' Its time is over.';
  const detail = waits.detail === null ? '' : `: ${waits.detail}`;
  return {
    service: waits.service,
    sentence: isMany
      ? `${strong(waits.service)} awaits an approval.`
      : `${strong(waits.service)} awaits an approval since ${strong(clockOf(waits.since))}${detail}.${until}`,
    known: 'Nothing is broken: a person has to decide. The deadline of the order rests until then.',
    remedy: 'Approve or reject the payment.',
    actions: isMany
      ? [{ kind: 'link', label: 'Decide…', href: '/attention' }]
      : [
          act(
            'approve',
            'Approve…',
            { orderId },
            { consequence: 'The payment is charged, and the order goes on.', danger: false },
          ),
          act(
            'reject',
            'Reject…',
            { orderId },
            { consequence: 'Nothing is charged, and the order is cancelled.', danger: true },
          ),
        ],
    about: 'approval',
    tone: 'caution',
  };
}

/** Whom an orchestrator asks, or the orchestrator itself, is away. */
export function participantAway(at: Case): Found | null {
  const { waits, facts, now } = at;
  if (waits.kind !== 'step') return null;
  for (const service of [waits.orchestrator, waits.service]) {
    const known = service === null ? undefined : facts.services[service];
    if (known === undefined || known.standing !== 'away' || !hasLasted(known.since, now)) continue;
    return waiting(
      at,
      known.service,
      `${strong(known.service)} does not answer`,
      `Away since ${clockOf(known.since)}.`,
      'alarm',
    );
  }
  return null;
}

/** An orchestrator asks, and has no answer, or was told to come back. */
export function stepWaiting(at: Case): Found | null {
  const { waits, log, calls } = at;
  if (waits.kind !== 'step') return null;
  const ask = calls.find(({ service, name }) => service === waits.orchestrator && waits.calls.includes(name));
  const lastError = log?.asking?.lastError ?? ask?.lastError ?? null;
  const attempts = log?.asking?.attempts ?? ask?.attempts ?? 0;
  const step = log?.steps.find(({ name, compensation }) => name === waits.hears || compensation?.name === waits.hears);
  const isWaiting = step?.status === 'WAITING' || step?.compensation?.status === 'WAITING';
  if (lastError === null && !isWaiting) return null;
  if (waitedMs(at) < GRACE_MS) return null;
  const tries = attempts > 1 ? `asked ${attempts} times, ` : '';
  const why = lastError ?? step?.compensation?.detail ?? step?.detail ?? 'it was told to come back';
  return waiting(
    at,
    waits.orchestrator ?? waits.service,
    `${strong(waits.orchestrator ?? 'the orchestrator')} waits for it`,
    `Last, ${tries}${why}.`,
    'alarm',
  );
}

function waiting(at: Case, service: string, cause: string, known: string, tone: Found['tone']): Found {
  const { orderId, waits, isMany } = at;
  return {
    service,
    sentence: `${head(at)}: ${cause}.`,
    known: `${known} The orchestrator asks again by itself, with the same key, until the time of the step is over; then it undoes what was done.${otherwise(at)}`,
    remedy: `See to ${waits.service}. Or give the saga up: what was done is undone.`,
    actions: isMany
      ? [openService(waits.service)]
      : [
          openService(waits.service),
          act(
            'compensate-saga',
            'Give up…',
            { orderId },
            {
              consequence: 'The orchestrator asks for nothing more, and undoes what was done.',
              danger: true,
            },
          ),
        ],
    about: waits.hears,
    tone,
  };
}
