import type { Moment } from './event.ts';

/** Why a saga stands still. One of them, the nearest to the root. Stable: scripts rely on them. */
export const DIAGNOSIS_CODES = [
  'OUTBOX_NOT_PUBLISHED',
  'CONSUMER_AWAY',
  'CONSUMER_BEHIND',
  'CONSUMER_PAUSED',
  'BEHIND_DEAD_LETTER',
  'DEAD_LETTER',
  'CALL_UNANSWERED',
  'CALL_REFUSED',
  'CIRCUIT_OPEN',
  'AWAITING_APPROVAL',
  'COMPENSATION_FAILED',
  'SAGA_STEP_WAITING',
  'DATABASE_AWAY',
  'BROKER_AWAY',
  'REGISTRY_AWAY',
  'SLOT_LOST',
  'UNEXPECTED_EVENT',
  'DEADLINE_MISSED',
  'NO_ANSWER',
] as const;

export type DiagnosisCode = (typeof DIAGNOSIS_CODES)[number];

export interface Diagnosis {
  readonly code: DiagnosisCode;
  /** Who owes the next step. */
  readonly service: string | null;
  readonly since: Moment;
  /** Who owes what since when, and why. Plain text; names that matter are between ** and **. */
  readonly sentence: string;
  /** What is known besides, and what happens otherwise. Plain text, may be empty. */
  readonly known: string;
  /** A command or what to press, in a sentence. */
  readonly remedy: string;
  /** At most two; the first is the remedy. */
  readonly actions: readonly Action[];
  /** Sagas of one key have one cause and are shown together: `CONSUMER_AWAY/inventory/PaymentCompleted`. */
  readonly causeKey: string;
  /** `alarm`: a person has to look. `caution`: a person has to decide, or it waits for a time that was agreed. */
  readonly tone: 'alarm' | 'caution';
}

export type Action = LinkAction | ActAction;

export interface LinkAction {
  readonly kind: 'link';
  readonly label: string;
  /** Within the console: `/services?open=inventory`. */
  readonly href: string;
}

/** One of the acts of `POST /api/acts/<act>`, with what it is done to. */
export interface ActAction {
  readonly kind: 'act';
  readonly label: string;
  readonly act: string;
  readonly params: Readonly<Record<string, string>>;
  readonly needsReason: boolean;
  /** What it comes to, in a sentence, for the dialog. */
  readonly consequence: string;
  /** It cannot be taken back. */
  readonly danger: boolean;
}
