import type { Choreography } from '@troupe/choreography';
import type { Moment, SagaEvent, SetAside, Work } from '../contract/event.ts';
import type { Item, Money, SagaLogView, SagaOutcome, SagaStyle, TrailMark } from '../contract/saga.ts';
import type { Standing } from '../contract/services.ts';

/** Everything that is known of one saga. Rules read it and nothing else: no clock, no I/O. */
export interface SagaInput {
  readonly orderId: string;
  readonly choreography: Choreography;
  /** In any order. */
  readonly events: readonly SagaEvent[];
  /** What the services themselves say of it; of those that did not answer there is none. */
  readonly answers: readonly ServiceAnswer[];
  /** Handlers that were traced. */
  readonly handled: readonly HandledSpan[];
  /** Records whose sending was traced, first to last. */
  readonly sent: readonly SentSpan[];
  readonly facts: Facts;
  /** Of an orchestrated saga: what its orchestrator has written down. */
  readonly log?: SagaLogView | null;
  /** What could not be asked, in sentences. */
  readonly gaps?: readonly string[];
  readonly links?: { readonly jaeger: string | null; readonly kafkaUi: string | null };
  /** Milliseconds since 1970. What is later has not happened: so a saga is shown as it was. */
  readonly now: number;
}

/** `GET /progress/<sagaId>` of one service. */
export interface ServiceAnswer {
  readonly service: string;
  /** The events of the saga that it has taken in. */
  readonly received: readonly {
    readonly eventId: string;
    readonly at: Moment;
    readonly ignoredBecause: string | null;
  }[];
  readonly work: readonly Work[];
  readonly setAside: readonly SetAside[];
  /** What stands in its outbox and is not on the topic yet. */
  readonly unpublished: readonly {
    readonly eventId: string;
    readonly type: string;
    readonly since: Moment;
    readonly causationId: string | null;
    /** Why the broker refused it; null: it waits for the relay. */
    readonly refused: string | null;
  }[];
}

export interface HandledSpan {
  readonly service: string;
  readonly eventId: string;
  readonly startedAt: Moment;
  readonly endedAt: Moment;
  /** `applied`, `ignored`, `duplicate`, `dead`, `parked`: `troupe.outcome`. */
  readonly outcome: string;
  readonly reason: string | null;
}

/** The broker has acknowledged a record: from that moment on it could be read. */
export interface SentSpan {
  readonly eventId: string;
  /** A dead letter has the id of its event, and a topic of its own. */
  readonly topic: string;
  readonly endedAt: Moment;
}

/** How everything stands, as it was asked for last. Once a second. */
export interface Facts {
  readonly at: Moment;
  readonly broker: Reached;
  readonly registry: Reached;
  readonly services: Readonly<Record<string, ServiceFacts>>;
}

export interface Reached {
  /** Since when it does not answer; null: it does. */
  readonly awaySince: Moment | null;
  readonly reason: string | null;
}

export interface ServiceFacts {
  readonly service: string;
  readonly standing: Standing;
  readonly since: Moment;
  /** `/readyz`: why it is not ready, by part (database, kafka, registry, relay, retention, tasks, or the name of a circuit). */
  readonly reasons: Readonly<Record<string, string>>;
  /** Since when each of these parts has not worked, as the service says. */
  readonly reasonsSince?: Readonly<Record<string, Moment>>;
  /** `GET /status`: whether it reads its topics; of a service that does not answer there is nothing. */
  readonly consumer?: {
    readonly state: 'member' | 'joining' | 'held back' | 'none';
    readonly since: Moment;
    readonly reason: string | null;
  };
  readonly group: {
    readonly id: string;
    /** Null: the broker was not asked, or did not answer. */
    readonly members: number | null;
    readonly noMemberSince: Moment | null;
    /** By `<topic>/<partition>`. Decimal offsets: the next that is read, and the next that is written. */
    readonly positions: Readonly<Record<string, { readonly committed: string; readonly end: string }>>;
  };
  readonly outbox: { readonly unpublished: number; readonly oldestAt: Moment | null };
  /** Events that were refused, or wait for longer than a relay lets them; bounded. */
  readonly unpublished?: readonly (ServiceAnswer['unpublished'][number] & { readonly sagaId: string | null })[];
  readonly relay: {
    readonly state: string;
    readonly reason: string | null;
    readonly since: Moment | null;
    readonly position: string | null;
    /** Whether some process reads from the slot; null or absent: there is none, or nobody was asked. */
    readonly isRead?: boolean | null;
  };
  /** What should have gone off; bounded. */
  readonly lateTimers?: readonly { readonly name: string; readonly sagaId: string; readonly dueAt: Moment }[];
  readonly circuits: readonly {
    readonly name: string;
    readonly state: 'closed' | 'open' | 'half-open';
    readonly since: Moment | null;
    readonly nextTryAt: Moment | null;
    readonly lastError: string | null;
  }[];
  /** Calls without an answer: tried in vain, or begun a while ago; bounded. */
  readonly calls: readonly (Work & { readonly sagaId: string })[];
  /** Open dead letters and what is parked behind them, by saga; bounded. */
  readonly setAside: readonly (SetAside & { readonly sagaId: string | null })[];
  /** Records that the broker refused, by saga. */
  readonly refused: readonly {
    readonly sagaId: string | null;
    readonly eventId: string;
    readonly reason: string;
    readonly since: Moment;
  }[];
}

/** What the store keeps of each saga: made of its events alone, whatever their order, without a clock. */
export interface SagaSummary {
  readonly orderId: string;
  readonly style: SagaStyle;
  readonly outcome: SagaOutcome | null;
  readonly reason: string | null;
  readonly customerId: string | null;
  readonly total: Money | null;
  readonly items: readonly Item[];
  readonly placedAt: Moment;
  readonly endedAt: Moment | null;
  /** When the last step was done: it stands there since. */
  readonly since: Moment;
  /** Whether it has not ended, or something that was done is still to be undone. What nobody waits for does not count. */
  readonly open: boolean;
  /**
   * What it waits for first; null when nothing is owed. Of a saga that is not open: what may still come of something that was
   * under way when it failed, and may not.
   */
  readonly owes: Owed | null;
  /** When the order cancels itself, with the default settings of the tables; null when it does not any more. */
  readonly deadlineAt: Moment | null;
  readonly turningBack: boolean;
  /** It waits for a person: an approval, or a compensation that failed. */
  readonly person: 'approval' | 'compensation' | null;
  readonly there: readonly TrailMark[];
  readonly back: readonly TrailMark[];
  /** Events that no table declares here. */
  readonly unexpected: readonly string[];
  readonly eventCount: number;
  readonly traceId: string | null;
}

export interface Owed {
  /** `answer`: to an event. `decision`: a person's. `undo again`: an undo was refused. `step`: an orchestrator asks for it. */
  readonly kind: 'answer' | 'decision' | 'undo again' | 'step';
  readonly service: string;
  /** An event, or the name of an orchestrator's step. */
  readonly hears: string;
  readonly hearsId: string;
  /** Who said that. */
  readonly saidBy: string;
  /** Where the event stands that it hears. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly publishedAt: Moment;
  readonly oneOf: readonly string[];
  readonly since: Moment;
  readonly dueAt: Moment | null;
  readonly withinMs: number | null;
  readonly isBack: boolean;
  /** The calls that may be under way for it. */
  readonly calls: readonly string[];
  /** Of a step: who asks for it. */
  readonly orchestrator: string | null;
  /** What the outside or the service said of it: why an undo was refused, what a person has to decide. */
  readonly detail: string | null;
}
