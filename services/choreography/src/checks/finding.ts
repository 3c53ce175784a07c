import type { Choreography } from '../map/choreography.ts';

/** What can be wrong with a choreography. The codes are stable: the allow list and scripts name them. */
export type CheckCode =
  | 'EVENT_UNHEARD'
  | 'EVENT_UNEMITTED'
  | 'EVENT_TWO_EMITTERS'
  | 'FOREIGN_TOPIC'
  | 'EVENT_CYCLE'
  | 'EFFECT_WITHOUT_UNDO'
  | 'ANSWER_WITHOUT_DEADLINE'
  | 'DEADLINE_TOO_SHORT'
  | 'ROW_UNREACHABLE'
  | 'ASK_UNKNOWN'
  | 'SAGA_WITHOUT_END'
  | 'SCHEMA_INCOMPLETE';

export interface Finding {
  readonly code: CheckCode | 'ALLOWANCE_STALE' | 'ALLOWANCE_WITHOUT_REASON';
  /** What it is about, as the allow list names it: an event, a row, a way. */
  readonly place: string;
  /** What is wrong, where, and what to do, in sentences. */
  readonly text: string;
}

/** One question to a map. Pure; it finds nothing when all is well. */
export type Check = (map: Choreography) => readonly Finding[];

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** `30 s`, `1.5 s`, `15 min` */
export function durationOf(ms: number): string {
  return ms >= 120_000 && ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}
