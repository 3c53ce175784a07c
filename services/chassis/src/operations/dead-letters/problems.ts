import { DomainError, type FieldFault } from '../../rules/failure.ts';
import type { Candidate, Matching } from '../../tables/dead-letters/replays.ts';

interface Refusal {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

type Verdict = Omit<Refusal, 'detail'> & { readonly because: string };

/** Why a dead letter stays out of a new replay; undefined when it may be in it. */
export function notReplayable(deadLetter: Candidate, includeQuarantined: boolean): Refusal | undefined {
  const refusedAnyway = notDiscardable(deadLetter);
  if (refusedAnyway !== undefined || deadLetter.status !== 'QUARANTINED' || includeQuarantined) return refusedAnyway;
  return refusal(deadLetter, {
    code: 'DEAD_LETTER_QUARANTINED',
    title: 'The dead letter is in quarantine',
    because:
      'came back from too many replays: remove the cause first, then replay it with "includeQuarantined": true, or discard it',
  });
}

export function notDiscardable(deadLetter: Candidate): Refusal | undefined {
  switch (deadLetter.status) {
    case 'HANDLED':
      return refusal(deadLetter, {
        code: 'DEAD_LETTER_HANDLED',
        title: 'The dead letter has been handled',
        because: 'has been handled already; there is nothing left to do',
      });
    case 'DISCARDED':
      return refusal(deadLetter, {
        code: 'DEAD_LETTER_DISCARDED',
        title: 'The dead letter was discarded',
        because: 'was discarded: its event was decided never to take effect. Let its producer emit a new event instead',
      });
    case 'PARKED':
      return refusal(deadLetter, {
        code: 'DEAD_LETTER_PARKED',
        title: 'The message only waits',
        because: `waits behind an earlier dead letter of its key: replay or discard that one (GET /dead-letters${filterFor(deadLetter.key ?? '')}), and this follows by itself`,
      });
    case 'DEAD':
    case 'QUARANTINED':
      return running(deadLetter);
    default:
      return deadLetter.status satisfies never;
  }
}

/** A key that is no text, or longer than an address, is found by looking through the list. */
function filterFor(key: string): string {
  return key === '' || key.length > 1_000 ? '' : `?key=${encodeURIComponent(key)}`;
}

const refusal = ({ id }: Candidate, { code, title, because }: Verdict): Refusal => ({
  code,
  title,
  detail: `The message ${id} ${because}.`,
});

function running({ id, replay_id: replayId }: Candidate): Refusal | undefined {
  if (replayId === null) return undefined;
  return {
    code: 'REPLAY_RUNNING',
    title: 'The dead letter is being replayed',
    detail: `The message ${id} is in the replay ${replayId}: wait for its end at /dead-letters/replays/${replayId}.`,
  };
}

/** The refusal of a request, with a fault for each dead letter that caused it. */
export function refused(first: Refusal, faults: readonly FieldFault[] = []): DomainError {
  return new DomainError({ ...first, status: 409, faults });
}

export function deadLetterUnknown(id: string, faults: readonly FieldFault[] = []): DomainError {
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

/** A replay of nothing would look like a repair to whoever mistyped a filter. */
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
