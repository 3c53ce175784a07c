import type { AnyTable } from '@troupe/chassis/internal';
import type { DomainEvent } from '@troupe/schemas';
import type { Message, PendingTask } from './message.ts';

/** How much may go wrong, or be asked by people, in one order. Nothing else is limited. */
export interface Bounds {
  /** Of all that follows but cancellations, together. */
  readonly faults: number;
  /** Events and answers that reach their rule a second time, as after the inbox was pruned. */
  readonly again: number;
  /** Events that become a dead letter and are handled again later. */
  readonly deadLetters: number;
  /** How often the customer cancels. */
  readonly cancels: number;
  /** How often the orchestrator goes on without the answer of a participant. */
  readonly silences: number;
  /** What operators do: retry, resolve, give up a saga, end a call. */
  readonly operators: number;
  /** How often the outside refuses to undo something. */
  readonly refusals: number;
  /** Requests that reach a participant after the orchestrator has given them up. */
  readonly stragglers: number;
}
export type Budget = Exclude<keyof Bounds, 'faults'>;

/** One way in which the outside may answer a call. */
export interface Answer<Outside> {
  readonly label: string;
  readonly outcome: unknown;
  readonly outside: Outside;
  readonly uses?: Budget;
}

/** Something that a person may ask at any moment. */
export interface Act {
  readonly label: string;
  readonly service: string;
  readonly message: Message;
  readonly uses?: Budget;
}

/** How a request over HTTP ends at a participant. */
export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where a participant stands, for a request of the orchestrator. */
export interface Participant {
  /** Carries a command out, or answers as it did the first time. */
  post(path: string, body: Readonly<Record<string, unknown>>, key: string): Reply;
  get(path: string): Reply;
}

/** Everything that the prover knows of the business; the rest is about tables, topics and databases of any trade. */
export interface Domain<Outside> {
  readonly tables: readonly AnyTable[];
  /** Rows that all orders share, as they are at the beginning. */
  readonly shared: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  isShared(service: string, key: string): boolean;
  /** A row as it is loaded again after it was saved. */
  stored(service: string, row: unknown): unknown;
  /** Services that handle what they hear at once: nobody hears them, so nobody can tell. */
  readonly unheard: readonly string[];
  /** Whether a service that ignores an event for this reason ignores it whatever happens before. */
  isForGood(reason: string): boolean;
  /** An event after its way over the wire. */
  wire(event: DomainEvent): Message;
  readonly begin: Act;
  readonly nothingDone: Outside;
  /** What remains of an event that was said, in the outside's memory. */
  said(outside: Outside, event: DomainEvent): Outside;
  /** How the outside may answer now. Undefined: it is a participant that is asked. */
  answers(call: PendingTask, outside: Outside): readonly Answer<Outside>[] | undefined;
  /** What an orchestrator makes of what a participant answers: each outcome that its call may have. None: no answer. */
  ask(call: PendingTask, participants: (service: string) => Participant): Promise<readonly unknown[]>;
  /** The outcome of a call whose last attempt had no answer. */
  unanswered(call: PendingTask): unknown;
  /** Whether a timer takes a pending call for unanswered. */
  isSilence(timer: PendingTask, tasks: ReadonlyMap<string, PendingTask>): boolean;
  /** What of a participant's answer is given again: of one that is looked up later, the status alone. */
  kept(service: string, reply: Reply): Reply;
  /** The command behind a request, and what a participant shows of its rows. */
  commandOf(path: string, body: Readonly<Record<string, unknown>>): Message;
  shown(service: string, rows: ReadonlyMap<string, unknown>): Reply;
  readonly acts: readonly Act[];
}
