import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { SagaEvent } from '../../contract/event.ts';
import { deadlineIn } from '../fold/deadline.ts';
import type { Look } from '../fold/look.ts';
import { lookAt } from '../fold/look-at.ts';
import type { SagaInput } from '../input.ts';
import { isDeclared } from '../owed/declared.ts';
import { outcomeOf } from '../owed/outcome.ts';
import type { Owing } from '../owed/owing.ts';
import { deadlineTimer } from '../shop/deadline.ts';
import { ledgerOf } from '../shop/ledger.ts';
import { decisionWords } from '../shop/order.ts';
import { textIn } from '../shop/payloads.ts';
import { type Case, GRACE_MS, isOverdue, nothingSince, type Stage, type Waits } from './case.ts';
import { causeOf, told } from './cause.ts';
import { explained } from './explained.ts';
import { factsOfSaga } from './of-saga.ts';
import { NOBODY_WAITS, STILL_UNDER_WAY } from './precedence.ts';
import { anyDeadLetter } from './set-aside.ts';
import { unexpectedEvent } from './unexpected.ts';

/** Why a saga stands still: one cause, the nearest to the root. Null: it moves, or has nothing left to do. */
export const diagnose = (input: SagaInput): Diagnosis | null => diagnosisOf(lookAt(input));

/** The services were asked a moment ago; what they say is no word on what has been long before. */
const FACTS_HOLD_MS = 15_000;

/** @param isMany the sentence is for all sagas of this cause */
export function diagnosisOf(look: Look, isMany = false): Diagnosis | null {
  const { input, now, owings, told: saga } = look;
  if (Date.parse(input.facts.at) - now > FACTS_HOLD_MS) return null;
  for (const owing of owings) {
    const found = causeFor(owing, look, isMany);
    if (found !== null) return found;
  }
  const about = aboutOf(look, isMany);
  const last = saga.all.at(-1);
  if (last === undefined) return null;
  const at: Case = { ...about, waits: nothingSince(last.at), stage: 'asked' };
  const letter = anyDeadLetter(at);
  return letter === null ? undeclared(at, look) : told('DEAD_LETTER', letter, at);
}

function causeFor(owing: Owing, look: Look, isMany: boolean): Diagnosis | null {
  const at: Case = { ...aboutOf(look, isMany), waits: waitsFor(owing, look), stage: stageOf(owing, look) };
  if (!owing.isSure) return causeOf(at, STILL_UNDER_WAY);
  if (owing.nobodyWaits && !isOverdue(at)) return causeOf(at, NOBODY_WAITS);
  if (owing.kind === 'answer' && look.now - owing.since < GRACE_MS) return null;
  const found = explained(at);
  return found !== null && owing.nobodyWaits ? { ...found, tone: 'caution' } : found;
}

function aboutOf(
  { input, now, told: saga, protocol, work, setAside }: Look,
  isMany: boolean,
): Omit<Case, 'waits' | 'stage'> {
  const listed = factsOfSaga(input.facts, input.orderId);
  const answered = new Set(input.answers.map(({ service }) => service));
  const others = <Of extends { readonly service: string }>(all: readonly Of[]) =>
    all.filter(({ service }) => !answered.has(service));
  const { held } = ledgerOf(saga, protocol);
  const refused = input.answers.flatMap(({ unpublished }) =>
    unpublished.flatMap(({ eventId, refused: reason, since }) =>
      reason === null ? [] : [{ sagaId: input.orderId, eventId, reason, since }],
    ),
  );
  return {
    orderId: input.orderId,
    now,
    facts: input.facts,
    calls: [...work.filter(({ kind }) => kind === 'call'), ...others(listed.calls)],
    setAside: [...setAside, ...others(listed.setAside)],
    refused: [
      ...listed.refused,
      ...refused.filter(({ eventId }) => !listed.refused.some((one) => one.eventId === eventId)),
    ],
    log: input.log ?? null,
    deadlineAt: deadlineIn({ told: saga, protocol, work }),
    deadlineBy: deadlineTimer(protocol)?.service ?? saga.root?.service ?? '',
    paid: held !== null && held.amount > 0 ? held : null,
    isMany,
  };
}

function waitsFor(owing: Owing, { events }: Look): Waits {
  const { kind, service, hears, on, oneOf, since, dueAt, withinMs, calls, orchestrator, isBack } = owing;
  const heard: SagaEvent | undefined = events.find(({ id }) => id === on.id);
  return {
    kind,
    service,
    hears,
    hearsId: on.id,
    saidBy: on.service,
    topic: heard?.topic ?? '',
    partition: heard?.partition ?? -1,
    offset: heard?.offset ?? '-1',
    oneOf,
    since,
    dueAt,
    withinMs,
    calls,
    orchestrator,
    isBack,
    detail: kind === 'decision' ? decisionWords(on.payload) : textIn(on.payload, 'detail'),
  };
}

function stageOf({ kind, service, on }: Owing, { events, readings }: Look): Stage {
  if (events.some(({ id, inOutbox }) => id === on.id && inOutbox)) return 'outbox';
  if (kind !== 'answer') return 'asked';
  const reading = readings.find((one) => one.service === service && one.eventId === on.id);
  if (reading === undefined || reading.state === 'waiting') return 'topic';
  return reading.state === 'dead' || reading.state === 'parked' ? 'set aside' : 'taken';
}

/** Of a saga that has ended it is no cause of anything. */
function undeclared(at: Case, look: Look): Diagnosis | null {
  const { told: saga, protocol } = look;
  const odd = saga.all.find((said) => !isDeclared(said, saga, protocol));
  if (odd === undefined || (outcomeOf(saga, protocol) !== null && look.owings.length === 0)) return null;
  const { type, service } = odd;
  const after = saga.byId(odd.causeId)?.type ?? null;
  const there = { ...at, waits: nothingSince(odd.at) };
  return told('UNEXPECTED_EVENT', unexpectedEvent(there, { type, service, after }), there);
}
