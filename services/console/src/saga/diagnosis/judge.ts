import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { Facts, Owed, SagaSummary } from '../input.ts';
import { type Case, GRACE_MS, nothingSince, type Stage, type Waits } from './case.ts';
import { causeOf, told } from './cause.ts';
import { DEADLINE_GRACE_MS } from './consuming.ts';
import { explained } from './explained.ts';
import { factsOfSaga, type OfSaga } from './of-saga.ts';
import { STILL_UNDER_WAY } from './precedence.ts';
import { anyDeadLetter } from './set-aside.ts';
import { unexpectedEvent } from './unexpected.ts';

/**
 * Why a saga of a list stands still, from its summary and what is known of the services: cheap enough for ten thousand of them a
 * second. @param isMany the sentence is for all sagas of this cause
 */
export function judge(summary: SagaSummary, facts: Facts, now: number, isMany = false): Diagnosis | null {
  const { owes, open, orderId } = summary;
  const saga = factsOfSaga(facts, orderId);
  if (owes === null && saga.setAside.length === 0 && summary.unexpected.length === 0) return null;
  const about = {
    orderId,
    now,
    facts,
    ...saga,
    log: null,
    isMany,
    paid: paidIn(summary),
    ...deadlineFor(summary, saga, { facts, now }),
  };
  const at: Case | null = owes === null ? null : { ...about, waits: waitsFor(owes), stage: stageOf(owes, facts) };
  const isYoung = owes !== null && owes.kind === 'answer' && now - Date.parse(owes.since) < GRACE_MS;
  const found = at === null || isYoung ? null : open ? explained(at) : causeOf(at, STILL_UNDER_WAY);
  return found ?? besides(summary, about);
}

type About = Omit<Case, 'waits' | 'stage'>;

function besides(summary: SagaSummary, about: About): Diagnosis | null {
  const at: Case = { ...about, waits: nothingSince(Date.parse(summary.since)), stage: 'asked' };
  const letter = anyDeadLetter(at);
  if (letter !== null) return told('DEAD_LETTER', letter, at);
  const [type] = summary.unexpected;
  return type === undefined || !summary.open
    ? null
    : told('UNEXPECTED_EVENT', unexpectedEvent(at, { type, service: null, after: null }), at);
}

function waitsFor(owed: Owed): Waits {
  const {
    kind,
    service,
    hears,
    hearsId,
    topic,
    partition,
    offset,
    oneOf,
    withinMs,
    calls,
    orchestrator,
    isBack,
    detail,
  } = owed;
  return {
    kind,
    service,
    hears,
    hearsId,
    saidBy: owed.saidBy,
    topic,
    partition,
    offset,
    oneOf,
    since: Date.parse(owed.since),
    dueAt: owed.dueAt === null ? null : Date.parse(owed.dueAt),
    withinMs,
    calls,
    orchestrator,
    isBack,
    detail,
  };
}

/** As far as the position of its reader tells. */
function stageOf({ kind, service, topic, partition, offset, hearsId }: Owed, facts: Facts): Stage {
  if (kind !== 'answer') return 'asked';
  const known = facts.services[service];
  if (known?.setAside.some((letter) => letter.eventId === hearsId)) return 'set aside';
  const position = known?.group.positions[`${topic}/${partition}`];
  return position !== undefined && BigInt(position.committed) > BigInt(offset) ? 'taken' : 'topic';
}

function paidIn({ there, total }: SagaSummary): Case['paid'] {
  return there.some(({ service, state }) => service === 'payment' && state === 'done') ? total : null;
}

/**
 * A timer that is late is listed, and says its moment exactly. The summary counts with default settings: where that moment is over
 * and the service lists no timer, it has another one, which nobody has told.
 */
function deadlineFor(
  { deadlineAt, there }: SagaSummary,
  { lateAt }: OfSaga,
  { facts, now }: Pick<Case, 'facts' | 'now'>,
): Pick<Case, 'deadlineAt' | 'deadlineBy'> {
  const deadlineBy = there[0]?.service ?? '';
  if (deadlineAt === null || lateAt !== null) return { deadlineBy, deadlineAt: deadlineAt === null ? null : lateAt };
  const declared = Date.parse(deadlineAt);
  const isListed = facts.services[deadlineBy]?.standing === 'ready' && now - declared >= DEADLINE_GRACE_MS;
  return { deadlineBy, deadlineAt: isListed ? null : declared };
}
