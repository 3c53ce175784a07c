import { DomainError, type FieldFault } from '../failure.ts';
import type { LetterStatus } from '../store/dead-letter-queries.ts';
import type { Candidate, Matching } from '../store/replays.ts';

/** Why a letter cannot be replayed or discarded. */
interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

const SETTLED: Readonly<Partial<Record<LetterStatus, Omit<Refusal, 'detail'> & { readonly because: string }>>> = {
  HANDLED: {
    code: 'DEAD_LETTER_HANDLED',
    title: 'The dead letter has been handled',
    because: 'has been handled already; there is nothing left to do.',
  },
  DISCARDED: {
    code: 'DEAD_LETTER_DISCARDED',
    title: 'The dead letter was discarded',
    because: 'was discarded: its event was decided never to take effect. Let its producer emit a new event instead.',
  },
  PARKED: {
    code: 'DEAD_LETTER_PARKED',
    title: 'The message only waits',
    because:
      'waits behind an earlier dead letter of its key: replay or discard that one, and this follows by itself. List GET /dead-letters?key=<its key>.',
  },
};

const QUARANTINED = {
  code: 'DEAD_LETTER_QUARANTINED',
  title: 'The dead letter is in quarantine',
  because:
    'came back from too many replays. Remove the cause first, then replay it with "includeQuarantined": true, or discard it.',
};

/** Why a letter stays out of a new replay; undefined when it may be in it. */
export function notReplayable({ id, status, replay_id }: Candidate, includeQuarantined: boolean): Refusal | undefined {
  return refusalOf(id, SETTLED[status]) ?? running(id, replay_id) ?? quarantined(id, status, includeQuarantined);
}

/** Why a letter cannot be discarded; undefined when it can. */
export function notDiscardable({ id, status, replay_id }: Candidate): Refusal | undefined {
  return refusalOf(id, SETTLED[status]) ?? running(id, replay_id);
}

const refusalOf = (id: string, about: (typeof SETTLED)[LetterStatus]): Refusal | undefined =>
  about && { code: about.code, title: about.title, detail: `The message ${id} ${about.because}` };

const quarantined = (id: string, status: LetterStatus, included: boolean): Refusal | undefined =>
  status === 'QUARANTINED' && !included ? refusalOf(id, QUARANTINED) : undefined;

function running(id: string, replayId: string | null): Refusal | undefined {
  if (replayId === null) return undefined;
  return {
    code: 'REPLAY_RUNNING',
    title: 'The dead letter is being replayed',
    detail: `The message ${id} is in the replay ${replayId}: wait for its end at /dead-letters/replays/${replayId}.`,
  };
}

/** The refusal of a request, with a fault for each letter that caused it. */
export function refused(first: Refusal, faults: readonly FieldFault[] = []): DomainError {
  return new DomainError({ ...first, status: 409, faults });
}

export function letterUnknown(id: string, faults: readonly FieldFault[] = []): DomainError {
  return new DomainError({
    code: 'DEAD_LETTER_NOT_FOUND',
    status: 404,
    title: 'There is no such dead letter',
    detail: `This service has no dead letter ${id}; list them at /dead-letters. Settled ones are deleted after a while.`,
    faults,
  });
}

export function replayUnknown(id: string): DomainError {
  return new DomainError({
    code: 'REPLAY_NOT_FOUND',
    status: 404,
    title: 'There is no such replay',
    detail: `This service has no replay ${id}; list them at /dead-letters/replays.`,
  });
}

/**
 * A replay of nothing would look like a repair: whoever mistyped a filter at night must be told, not shown a replay that
 * finished at once.
 */
export function nothingMatches({ quarantined: inQuarantine, replaying }: Matching): DomainError {
  const others = [
    ...(inQuarantine === 0 ? [] : [`${inQuarantine} in quarantine ("includeQuarantined": true takes them)`]),
    ...(replaying === 0 ? [] : [`${replaying} in a replay that has not finished`]),
  ];
  const left = others.length === 0 ? '' : ` It matches ${others.join(', and ')}.`;
  return new DomainError({
    code: 'NOTHING_TO_REPLAY',
    status: 409,
    title: 'The filter matches nothing that can be replayed',
    detail: `No dead letter of the filter can be replayed.${left} GET /dead-letters/causes shows what there is.`,
  });
}
