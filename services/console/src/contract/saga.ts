import type { Diagnosis } from './diagnosis.ts';
import type { Moment, Reading, SagaEvent, SetAside, Work } from './event.ts';

export type SagaStyle = 'choreographed' | 'orchestrated';
/** `attention`: it waits for a person. */
export type SagaState = 'running' | 'done' | 'stuck' | 'attention';
export type SagaOutcome = 'confirmed' | 'cancelled';

/**
 * What a step of the declared protocol came to.
 * There: done, running, expected, overdue, refused (the path turns back here), undone (done, and its effect no longer holds).
 * Back: undo-done, undo-running, undo-expected, undo-failed.
 * Besides: person (waits for one), unexpected (not declared), dead, parked, skipped (will not happen any more).
 */
export type StepState =
  | 'done'
  | 'running'
  | 'expected'
  | 'overdue'
  | 'refused'
  | 'undone'
  | 'undo-done'
  | 'undo-running'
  | 'undo-expected'
  | 'undo-failed'
  | 'person'
  | 'unexpected'
  | 'dead'
  | 'parked'
  | 'skipped';

/** One line of "Against the declared protocol": on hearing … owes … one of … within … */
export interface Step {
  /** Stable within the saga: the id of its event, or `owed/<service>/<id of what it hears>`. */
  readonly id: string;
  /** Who says it, or owes it. */
  readonly service: string;
  /** What was said; otherwise the first of `oneOf`. */
  readonly event: string;
  readonly state: StepState;
  /** When it was said; null while it is owed. */
  readonly at: Moment | null;
  /** By when it has to be said; null where nothing is declared. */
  readonly dueAt: Moment | null;
  /** What it answers: the name of an event, of a timer, or of a step of the orchestrator. */
  readonly hears: string | null;
  /** The event that it answers. Null for expectations that rest on another expectation: see `after`. */
  readonly hearsId: string | null;
  /** The id of the step that it comes after: cause, or expected cause. */
  readonly after: string | null;
  readonly oneOf: readonly string[];
  readonly withinMs: number | null;
  readonly tookMs: number | null;
  /** The event of this step, when it was said. */
  readonly eventId: string | null;
  /** For an undo: the step that it undoes. For an undone step: the one that undid it. */
  readonly undoes: string | null;
  readonly undoneBy: string | null;
  /** No order waits for it. */
  readonly nobodyWaits: boolean;
  /** The business fact in a few words: "$85.98 charged", "2 × SKU-014". Empty where there is none. */
  readonly fact: string;
}

export interface Money {
  /** Minor units. */
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface Ledger {
  readonly charged: Money | null;
  readonly refunded: Money | null;
  readonly held: Money | null;
  /** Units; `wanted` is what the order asks for. */
  readonly wanted: number;
  readonly reserved: number | null;
  readonly released: number | null;
  readonly shipped: number | null;
  readonly verdict: { readonly tone: 'ok' | 'running' | 'caution' | 'alarm'; readonly text: string };
}

export interface Item {
  readonly sku: string;
  readonly quantity: number;
}

/** How a service stands, for the head of its lane. */
export interface LaneNote {
  readonly service: string;
  readonly tone: 'ok' | 'caution' | 'alarm';
  /** "up to date", "1,204 behind, no member". */
  readonly text: string;
}

/** One step in the log of an orchestrated saga. */
export interface LoggedStep {
  readonly id: string;
  readonly name: string;
  /** Who is asked; null: the orchestrator's own service. */
  readonly service: string | null;
  readonly status: string;
  readonly attempts: number;
  readonly startedAt: Moment | null;
  readonly endedAt: Moment | null;
  readonly detail: string | null;
  readonly compensation: Omit<LoggedStep, 'compensation'> | null;
}

export interface SagaLogView {
  readonly status: string;
  readonly cause: { readonly code: string; readonly detail: string | null } | null;
  /** What a participant is asked right now, how often, and why the last attempt failed. */
  readonly asking: { readonly step: string; readonly attempts: number; readonly lastError: string | null } | null;
  readonly steps: readonly LoggedStep[];
}

/** `GET /api/sagas/<orderId>`. */
export interface SagaDetail {
  readonly orderId: string;
  readonly style: SagaStyle;
  readonly state: SagaState;
  readonly outcome: SagaOutcome | null;
  /** Why it ended so, as the last event says: `SHIPMENT_REFUSED`. */
  readonly reason: string | null;
  readonly diagnosis: Diagnosis | null;
  /** What can be done to the whole saga: cancel, or acts of an operator. */
  readonly actions: readonly Diagnosis['actions'][number][];
  /** One sentence about an ended saga, and a second; null while it moves. Names between ** and **. */
  readonly summary: { readonly sentence: string; readonly known: string } | null;
  readonly placedAt: Moment;
  readonly endedAt: Moment | null;
  /** When the order cancels itself; null when it cannot any more. */
  readonly deadlineAt: Moment | null;
  readonly customerId: string | null;
  readonly total: Money | null;
  readonly items: readonly Item[];
  readonly traceId: string | null;
  /** The console's clock when this was made: the age of everything counts from it. */
  readonly now: Moment;
  readonly steps: readonly Step[];
  readonly events: readonly SagaEvent[];
  readonly readings: readonly Reading[];
  readonly work: readonly Work[];
  readonly setAside: readonly SetAside[];
  /** Every service that takes part, in the order of the lanes. */
  readonly lanes: readonly LaneNote[];
  readonly ledger: Ledger;
  readonly log: SagaLogView | null;
  /** Links out, only where they are set: to the trace, and to the cluster in Kafka UI. */
  readonly links: { readonly jaeger: string | null; readonly kafkaUi: string | null };
  /** What could not be asked, in sentences: "payment does not answer: what it set aside is not shown." */
  readonly gaps: readonly string[];
}

/** The trail of a list row: the steps there on the upper rail, the way back on the lower one. */
export interface TrailMark {
  readonly service: string;
  readonly state: StepState;
}

export interface SagaRow {
  readonly orderId: string;
  readonly style: SagaStyle;
  readonly state: SagaState;
  readonly outcome: SagaOutcome | null;
  readonly customerId: string | null;
  readonly total: Money | null;
  readonly items: readonly Item[];
  readonly placedAt: Moment;
  readonly endedAt: Moment | null;
  /** Since when it stands where it stands. */
  readonly since: Moment;
  readonly there: readonly TrailMark[];
  readonly back: readonly TrailMark[];
  /** What differs from others of its cause, in a few words: "cancels itself in 11.2 s, refunds". Names between ** and **. */
  readonly standsAt: string;
  readonly turningBack: boolean;
  readonly code: string | null;
  readonly causeKey: string | null;
}

/**
 * `GET /api/sagas?ids=&state=&outcome=&back=&cause=&service=&style=&q=&sku=&customer=&since=&older=&total=&cursor=&limit=`
 *
 * - `state`: one, or several with commas between them; `back=1`: only those that turn back
 * - `service`: which owes the next step; `q`: order, customer, trace or event id, or SKU
 * - `since=1h`: placed within it; `older=30s`: stands so for longer; spans in s, m, h or d
 * - `ids`: these sagas, with commas between them, whatever their state
 * - `total=20..2000`: in whole units of the currency, either end may be absent
 *
 * Open ones first: stuck, then those that wait for a person, the longest standing first; then moving, then ended, newest first.
 */
export interface SagaPage {
  readonly items: readonly SagaRow[];
  readonly nextCursor: string | null;
  /** How many match in all. */
  readonly total: number;
  /** When nothing matches: how many would without each filter, by its name. */
  readonly without: Readonly<Record<string, number>>;
}

/** Sagas that stand still for one reason. */
export interface Cause {
  readonly key: string;
  readonly diagnosis: Diagnosis;
  readonly count: number;
  readonly money: Money | null;
  readonly oldest: Moment;
  /** The oldest, three at most. */
  readonly first: readonly SagaRow[];
}

/** `GET /api/overview`: the counters and causes of the start page. */
export interface Overview {
  readonly now: Moment;
  readonly counters: Readonly<Record<CounterName, Counter>>;
  readonly causes: readonly Cause[];
  readonly nav: { readonly deadLetters: number; readonly attention: number; readonly services: number };
  /** How far the console itself is behind the topics. */
  readonly reading: {
    readonly behind: number;
    readonly newestAt: Moment | null;
    readonly perSecond: number;
    readonly rebuilding: Rebuilding | null;
  };
}

export type CounterName = 'stuck' | 'person' | 'moving' | 'turningBack' | 'cancelled' | 'confirmed';

export interface Counter {
  readonly count: number;
  /** The last half hour, a bar a minute, oldest first. */
  readonly bars: readonly number[];
  /** "+32 in the last minute", "oldest since 01:51", "last hour". */
  readonly note: string;
}

export interface Rebuilding {
  readonly done: number;
  readonly of: number;
  readonly secondsLeft: number | null;
}

/** `GET /api/sagas/<orderId>/trace` */
export interface TraceView {
  readonly traceId: string | null;
  readonly spans: readonly SpanView[];
  /** "Spans of one order in twenty are kept", or empty. */
  readonly note: string;
}

export interface SpanView {
  readonly id: string;
  readonly parentId: string | null;
  readonly service: string;
  readonly name: string;
  readonly kind: string;
  readonly start: Moment;
  /** Microseconds after `start` of the first span, and how long. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string>>;
}
