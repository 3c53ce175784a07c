/** A moment: ISO 8601 in UTC with milliseconds. */
export type Moment = string;

/** One event of a saga, as it stands in its topic. */
export interface SagaEvent {
  /** ce_id. */
  readonly id: string;
  /** The name of the event: `PaymentCompleted`. */
  readonly type: string;
  /** `troupe.payment.PaymentCompleted`. */
  readonly fullName: string;
  /** Who said it: the owner of the topic. */
  readonly service: string;
  readonly topic: string;
  readonly partition: number;
  /** Decimal, as it may exceed 2^53. */
  readonly offset: string;
  readonly key: string | null;
  /** ce_time: when it was said, in the transaction that said it. */
  readonly at: Moment;
  /** The time of the record: when the relay handed it to the broker. */
  readonly publishedAt: Moment;
  readonly causationId: string | null;
  readonly depth: number;
  readonly traceId: string | null;
  readonly schemaId: number;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Where the same event stands again: a relay that published twice. */
  readonly again: readonly RecordPlace[];
  /**
   * It stands in the outbox of who said it and is not on its topic yet: then its payload and headers are empty, its partition is
   * -1, and `publishedAt` is the moment of the look, so that its seam grows.
   */
  readonly inOutbox?: true;
}

export interface RecordPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly publishedAt: Moment;
}

/**
 * What one service that hears an event made of it.
 * - `waiting`: not handled yet, in the topic or in the outbox before it
 * - `working`: taken, and a call that it started has no outcome yet
 * - `answered`: it caused an event
 * - `noted`: it changed state and said nothing
 * - `ignored`: nothing changed, for a reason
 * - `dead`, `parked`: set aside
 */
export type ReadingState = 'waiting' | 'working' | 'answered' | 'noted' | 'ignored' | 'dead' | 'parked';

export interface Reading {
  readonly eventId: string;
  /** The reader. */
  readonly service: string;
  readonly state: ReadingState;
  /** When its transaction was committed; null while it waits, or when nobody can tell. */
  readonly at: Moment | null;
  /** Why it was ignored, or set aside. */
  readonly reason: string | null;
  /** Ids of the events that it caused. */
  readonly caused: readonly string[];
  /** Where the time went, in milliseconds; null where it is not known. */
  readonly seams: Seams;
  /** How often it was delivered again and dropped by the inbox. */
  readonly duplicates: readonly Moment[];
}

/** Outbox, broker, wait, handler: always in this order. */
export interface Seams {
  /** From the commit of who said it to the broker. */
  readonly outboxMs: number | null;
  /** In the broker, until every in-sync replica had it: then it could be read. Null where sending it was not traced. */
  readonly brokerMs: number | null;
  /** From there, or from the broker where that is not known, to the begin of the handler. */
  readonly waitMs: number | null;
  /** The handler, with the calls that it started. */
  readonly handlerMs: number | null;
}

/** A call or a timer of a service that is not over. */
export interface Work {
  readonly service: string;
  readonly kind: 'call' | 'timer';
  readonly name: string;
  readonly key: string;
  readonly since: Moment;
  readonly dueAt: Moment;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly isBeingMade: boolean;
  /** The event that led to it. */
  readonly causationId: string | null;
}

/** A message of the saga that a service has set aside. */
export interface SetAside {
  readonly id: string;
  readonly service: string;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly status: 'DEAD' | 'PARKED' | 'QUARANTINED';
  readonly code: string | null;
  readonly message: string | null;
  readonly since: Moment;
}
