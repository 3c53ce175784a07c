import type { Choreography } from '@troupe/choreography';
import type { Action } from './diagnosis.ts';
import type { Moment } from './event.ts';
import type { SagaRow } from './saga.ts';

/** `GET /api/services` */
export interface ServicesView {
  readonly now: Moment;
  /** Broken first. */
  readonly services: readonly ServiceView[];
  readonly around: readonly AroundView[];
  /** The worst thing that is known, for the strip at the top; null when all is well. */
  readonly alarm: { readonly sentence: string; readonly known: string; readonly actions: readonly Action[] } | null;
}

export type Standing = 'ready' | 'not ready' | 'away';

export interface ServiceView {
  readonly name: string;
  readonly doc: string;
  readonly standing: Standing;
  /** Since when it stands so, as far as the console has seen. */
  readonly since: Moment;
  /** By part: `{kafka: 'The broker …'}`. */
  readonly reasons: Readonly<Record<string, string>>;
  /** "Follows from inventory", when the cause is another service's. */
  readonly followsFrom: string | null;
  readonly instances: readonly InstanceView[];
  readonly outbox: {
    readonly unpublished: number;
    readonly oldestAt: Moment | null;
    readonly refused: number;
    readonly history: readonly number[];
  };
  readonly relay: {
    readonly kind: string;
    readonly state: string;
    readonly position: string | null;
    readonly behindMs: number | null;
  };
  readonly lag: readonly LagView[];
  readonly circuits: readonly CircuitView[];
  readonly memoryBytes: number | null;
  readonly memoryLimitBytes: number | null;
  readonly eventLoopMs: number | null;
}

export interface InstanceView {
  readonly id: string;
  readonly host: string | null;
  readonly upSince: Moment | null;
  readonly endedAt: Moment | null;
}

export interface LagView {
  readonly topic: string;
  readonly behind: number;
  readonly members: number;
  readonly partitions: readonly {
    readonly partition: number;
    readonly committed: string;
    readonly end: string;
    readonly behind: number;
  }[];
  /** The last minutes, oldest first. */
  readonly history: readonly number[];
}

export interface CircuitView {
  readonly name: string;
  readonly state: 'closed' | 'open' | 'half-open';
  readonly since: Moment | null;
  readonly lastError: string | null;
  /** Median of the last minute; null without calls. */
  readonly p50Ms: number | null;
}

/** Kafka, PostgreSQL, the registry, the outside, the console itself. */
export interface AroundView {
  readonly name: string;
  readonly standing: Standing;
  readonly text: string;
}

/** `GET /api/map?window=60` or `?from=&until=` for what has been. */
export interface MapView {
  readonly now: Moment;
  readonly choreography: Choreography;
  readonly edges: readonly EdgeView[];
  readonly services: readonly {
    readonly service: string;
    readonly standing: Standing;
    readonly lines: readonly string[];
  }[];
  /**
   * Only of a past moment of which it is not known how services stood, nor what waited for them: that begins with this moment, at most
   * a quarter of an hour ago, when the console was started. Null: it has not looked yet.
   */
  readonly notSeenBefore?: Moment | null;
  readonly ordersPerSecond: number;
  /** The checks of the map, with every build. */
  readonly checks: readonly { readonly title: string; readonly ok: boolean; readonly detail: string }[];
}

/** An event from the service that says it to one that hears it. */
export interface EdgeView {
  readonly event: string;
  readonly from: string;
  readonly to: string;
  /** Forth, back (undoes something, or follows from a refusal), waits for a person, or only informs. */
  readonly kind: 'there' | 'back' | 'person' | 'informs';
  readonly perSecond: number;
  /** From commit to commit. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly behind: number;
  readonly deadLetters: number;
  readonly parked: number;
  readonly lastAt: Moment | null;
}

/** `GET /api/map/edge?event=&to=` */
export interface EdgeDetail {
  readonly edge: EdgeView;
  readonly answers: readonly string[];
  readonly withinMs: number | null;
  readonly undoneBy: string | null;
  readonly source: string | null;
  readonly partitions: readonly { readonly partition: number; readonly behind: number }[];
  readonly seams: readonly {
    readonly seam: 'outbox' | 'broker' | 'wait' | 'handler';
    readonly p50Ms: number | null;
    readonly p99Ms: number | null;
  }[];
  /** A pair a quarter of a minute for a quarter of an hour: said, and handled. */
  readonly history: readonly { readonly at: Moment; readonly said: number; readonly handled: number }[];
  readonly here: { readonly count: number; readonly first: readonly SagaRow[] };
}
