/**
 * The log of a saga: where it stands, and what each step came to. Written in the transaction that decides on a step, before
 * the participant is asked, and in the one that handles its answer.
 */
export interface SagaLog {
  /** The saga: the key of its messages. */
  readonly id: string;
  /** The table that it is orchestrated by. */
  readonly definition: string;
  readonly version: number;
  readonly status: SagaStatus;
  /** What is known on the way, as JSON. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Why it turned back. */
  readonly cause?: SagaCause;
  /** How often failed compensations were tried again. */
  readonly rounds: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  /** In the order of the table. */
  readonly steps: readonly StepLog[];
}

/**
 * STARTED → COMPLETED, or → COMPENSATING → FAILED (every done step is undone), with COMPENSATION_FAILED while one could not
 * be: it is tried again, and settled by a person in the end.
 */
export type SagaStatus = 'STARTED' | 'COMPLETED' | 'COMPENSATING' | 'FAILED' | 'COMPENSATION_FAILED';

export interface SagaCause {
  /** The participant's code, or UNANSWERED, or what the orchestrator's own service says: TIMEOUT. */
  readonly code: string;
  readonly detail: string;
  /** The step that failed; absent when none did. */
  readonly step?: string;
}

/**
 * UNKNOWN: it was given up without an answer, or refused behind an attempt without one. It may or may not have been done, and is
 * undone like a done one.
 */
export type StepStatus = 'PENDING' | 'RUNNING' | 'WAITING' | 'DONE' | 'REFUSED' | 'UNKNOWN';
/** RESOLVED: by a person, after the participant refused. */
export type CompensationStatus = 'RUNNING' | 'WAITING' | 'DONE' | 'FAILED' | 'RESOLVED';

export interface StepLog {
  readonly name: string;
  readonly status: StepStatus;
  readonly attempts: number;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  /** Of a refusal, a wait, or no answer. */
  readonly detail?: string;
  readonly compensation?: CompensationLog;
}

export interface CompensationLog {
  readonly status: CompensationStatus;
  readonly attempts: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly detail?: string;
}

/** Nothing more happens. */
export const isEnded = ({ status }: SagaLog): boolean => status === 'COMPLETED' || status === 'FAILED';
