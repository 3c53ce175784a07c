import type { Action } from './diagnosis.ts';
import type { Moment } from './event.ts';
import type { Money, SagaRow } from './saga.ts';

/** `GET /api/dead-letters` */
export interface DeadLettersView {
  readonly causes: readonly DeadLetterCause[];
  readonly open: number;
  readonly parked: number;
  readonly settled: { readonly replayed: number; readonly discarded: number };
  /** What was done to dead letters lately, newest first. */
  readonly acts: readonly OperatorActView[];
  readonly gaps: readonly string[];
}

export interface DeadLetterCause {
  readonly key: string;
  readonly service: string;
  readonly code: string;
  readonly topic: string;
  readonly eventType: string | null;
  readonly count: number;
  readonly quarantined: number;
  readonly parked: number;
  readonly firstAt: Moment;
  readonly lastAt: Moment;
  readonly message: string;
}

/** `GET /api/dead-letters/<service>?code=&topic=&status=&cursor=` */
export interface DeadLetterPage {
  readonly items: readonly DeadLetterRow[];
  readonly nextCursor: string | null;
}

export interface DeadLetterRow {
  readonly id: string;
  readonly service: string;
  readonly status: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly key: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly receivedAt: Moment;
  readonly replays: number;
  readonly saga: SagaRow | null;
}

/**
 * `GET /api/dead-letters/<service>/<id>`: what the service says of it, and its saga. `POST …/<id>/discard {reason, operator}` →
 * ActResult.
 */
export interface DeadLetterDetail {
  readonly row: DeadLetterRow;
  readonly headers: Readonly<Record<string, string>>;
  readonly hex: string;
  readonly bytes: number;
  /** Where decoding ended, with bytes left. Null: it ended with the bytes, or broke at a place that the decoder does not tell. */
  readonly brokenAt: number | null;
  readonly decoded: unknown;
  readonly parkedBehind: readonly DeadLetterRow[];
  readonly acts: readonly OperatorActView[];
}

/**
 * `POST /api/dead-letters/<service>/replays {filter|ids, reason, dryRun, includeQuarantined, ratePerSecond, operator}`;
 * `GET …/replays/<id>?cursor=`. The latest of all services: `GET /api/replays` → `{items}`.
 */
export interface ReplayView {
  /** Null of a dry run. */
  readonly id: string | null;
  readonly service: string;
  readonly status: 'DRY RUN' | 'RUNNING' | 'FINISHED';
  readonly total: number;
  readonly done: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly items: readonly { readonly id: string; readonly outcome: string | null; readonly reason: string | null }[];
  readonly startedAt: Moment;
  readonly by: string | null;
  readonly reason: string | null;
}

/** `GET /api/operator-acts?target=&act=&operator=&limit=` → `{items, gaps}`: of all services, the latest first. */
export interface OperatorActView {
  readonly at: Moment;
  readonly service: string;
  readonly operator: string;
  readonly act: string;
  readonly target: string;
  readonly reason: string | null;
}

/** `GET /api/attention` */
export interface AttentionView {
  readonly groups: readonly AttentionGroup[];
  readonly acts: readonly OperatorActView[];
  readonly gaps: readonly string[];
}

export interface AttentionGroup {
  readonly kind: 'approval' | 'refund' | 'cancellation' | 'saga' | 'refused record' | 'lab';
  /** What it is, and what happens otherwise. */
  readonly sentence: string;
  readonly items: readonly AttentionItem[];
}

export interface AttentionItem {
  readonly orderId: string | null;
  readonly service: string;
  readonly since: Moment;
  /** When it decides itself; null: never. */
  readonly until: Moment | null;
  readonly money: Money | null;
  /** Names between ** and **. */
  readonly text: string;
  readonly actions: readonly Action[];
  readonly saga: SagaRow | null;
}

/** `POST /api/acts/<act> {params, reason, operator}` */
export interface ActResult {
  readonly ok: boolean;
  /** What it came to, or why not and what to do. */
  readonly sentence: string;
  readonly code: string | null;
}

/** `GET /api/stories` */
export interface StoryView {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly body: unknown;
  readonly there: SagaRow['there'];
  readonly back: SagaRow['back'];
}
/** `POST /api/stories/<id> {orchestrated, count}` */
export interface Placed {
  readonly orderIds: readonly string[];
}

/** `GET /api/lab`; `available: false` where the launcher did not start the stack. */
export interface LabView {
  readonly available: boolean;
  readonly switches: readonly LabSwitch[];
  readonly sends: readonly {
    readonly id: string;
    readonly title: string;
    readonly text: string;
    readonly label: string;
  }[];
}

/** `POST /api/lab/<id> {on}`; a send: `POST /api/lab/<id> {}`. */
export interface LabSwitch {
  readonly id: string;
  readonly group: 'Stop a service' | 'Hold something up';
  readonly title: string;
  readonly text: string;
  readonly service: string | null;
  /** Whether the fault is there. */
  readonly on: boolean;
}
