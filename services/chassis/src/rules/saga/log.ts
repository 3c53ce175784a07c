/** Where a saga stands. Written in the transaction that decides on a step, and in the one that handles its answer. */
export interface SagaLog {
  readonly id: string;
  /** The table that it is orchestrated by. */
  readonly definition: string;
  readonly version: number;
  readonly status: SagaStatus;
  /** What is known on the way, as JSON. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly cause?: SagaCause;
  /** How often failed compensations were tried again. */
  readonly rounds: number;
  readonly startedAt: Date;
  readonly endedAt?: Date;
  readonly steps: readonly StepLog[];
}

/** STARTED → COMPLETED, or → COMPENSATING → FAILED (all is undone) or COMPENSATION_FAILED (something is not). */
export type SagaStatus = 'STARTED' | 'COMPLETED' | 'COMPENSATING' | 'FAILED' | 'COMPENSATION_FAILED';

export interface SagaCause {
  /** The participant's code, or UNANSWERED, or what the orchestrator's own service says: TIMEOUT. */
  readonly code: string;
  readonly detail: string;
  /** The step that failed; absent when none did. */
  readonly step?: string;
}

/** UNKNOWN: given up without an answer, or refused behind such an attempt. It may have been done, and is undone. */
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

export const isEnded = ({ status }: SagaLog): boolean => status === 'COMPLETED' || status === 'FAILED';
