import type { Moment } from '../contract/event.ts';

// `GET /status` and `GET /progress/<saga>` of a service, as their /openapi.json describes them.

export interface StatusPage {
  readonly service: string;
  readonly version: string;
  readonly instance: { readonly id: string; readonly host: string; readonly pid: number };
  readonly startedAt: Moment;
  readonly ready: boolean;
  readonly reasons: readonly { readonly part: string; readonly reason: string; readonly since: Moment }[];
  readonly consumer: {
    readonly group: string;
    readonly topics: readonly string[];
    readonly state: 'member' | 'joining' | 'held back' | 'none';
    readonly since: Moment;
    readonly reason: string | null;
  };
  readonly relay: {
    readonly kind: 'logical' | 'polling' | 'none';
    readonly state: string;
    readonly since: Moment;
    readonly reason: string | null;
    readonly position: string | null;
    readonly isRead: boolean | null;
    readonly retainedBytes: number | null;
  };
  readonly circuits: readonly {
    readonly name: string;
    readonly state: 'closed' | 'open' | 'half-open';
    readonly since: Moment;
    readonly nextTryAt: Moment | null;
    readonly lastError: string | null;
    readonly p50Ms: number | null;
  }[];
  /** Null: its database did not answer in time. */
  readonly stored: StoredPage | null;
  readonly process: {
    readonly memoryBytes: number;
    readonly memoryLimitBytes: number | null;
    readonly eventLoopMs: number;
  };
}

export interface StoredPage {
  readonly outbox: {
    readonly unpublished: number;
    readonly oldestAt: Moment | null;
    readonly isKnown: boolean;
    readonly refused: readonly {
      readonly id: string;
      readonly kind: 'EVENT' | 'DEAD_LETTER';
      readonly topic: string;
      readonly key: string | null;
      readonly code: string;
      readonly message: string | null;
      readonly since: Moment;
    }[];
    /** Absent in what a service of an earlier version says. */
    readonly waiting?: readonly (UnpublishedLine & { readonly key: string })[];
  };
  readonly unanswered: readonly TaskLine[];
  readonly lateTimers: readonly { readonly name: string; readonly sagaId: string; readonly dueAt: Moment }[];
  readonly letters: readonly LetterLine[];
  readonly letterCounts: { readonly DEAD: number; readonly QUARANTINED: number; readonly PARKED: number };
}

export interface TaskLine {
  readonly kind: 'call' | 'timer';
  readonly name: string;
  readonly key: string;
  readonly sagaId: string;
  readonly causationId: string;
  readonly since: Moment;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAttemptAt: Moment;
  readonly isBeingMade: boolean;
}

export interface LetterLine {
  readonly id: string;
  readonly status: 'DEAD' | 'QUARANTINED' | 'PARKED';
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly key: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly since: Moment;
}

export interface ProgressPage {
  readonly service: string;
  readonly received: readonly {
    readonly eventId: string;
    readonly at: Moment;
    readonly ignoredBecause: string | null;
  }[];
  readonly tasks: readonly TaskLine[];
  readonly letters: readonly LetterLine[];
  readonly unpublished: readonly UnpublishedLine[];
}

export interface UnpublishedLine {
  readonly eventId: string;
  readonly type: string;
  readonly causationId: string;
  readonly since: Moment;
  readonly refused: string | null;
}
