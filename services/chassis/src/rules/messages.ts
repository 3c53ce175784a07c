import type { AnyEventType, DomainEvent } from '@troupe/schemas';
import type { OperatorAct } from './operator-act.ts';

/**
 * What a service can hear. One word for each source:
 * - event:   a fact of any service, from Kafka;
 * - command: a request of a client, over HTTP;
 * - call:    the answer of the outside (an airline, a mail server) to something the service asked;
 * - timer:   a moment the service asked to be woken at.
 *
 * Calls and timers are rows of the `task` table, written in the transaction that decides on them and deleted in the
 * transaction that handles their outcome. A crash in between repeats the call, with the same idempotency key, and the
 * effect of its answer happens once.
 */
export type MessageKind = 'event' | 'command' | 'call' | 'timer';

/** Where a command's data comes from is HTTP; its `key` is what it locks and, usually, the id of its saga. */
export interface CommandType<Name extends string, Data> {
  (data: Data): Command<Name, Data>;
  readonly kind: 'command';
  readonly messageName: Name;
}
export interface Command<Name extends string = string, Data = unknown> {
  readonly kind: 'command';
  readonly type: Name;
  readonly key: string;
  readonly data: Data;
  /** The act of a person that it carries out; set by its route, never by rules, which do not see it. */
  readonly act?: OperatorAct | undefined;
  /** The step of a saga that it belongs to, as an orchestrator says; set by its route. Absent: it follows from its saga's first event. */
  readonly causationId?: string | undefined;
  /** How deep that step lies in the tree of causes; set by its route. Absent: as deep as its saga's first event. */
  readonly depth?: number | undefined;
  /** The pending call whose outcome it is, when a person ends one that nobody answers; set by its route. */
  readonly ends?: EndedCall | undefined;
  /** Whether nobody waits for its answer any more; set by its route. A command that is abandoned is not begun. */
  isAbandoned?(): boolean;
}

/** A pending call that a person ends: it is removed with the effect of the command that ends it. */
export interface EndedCall {
  /** Of the `task` row. */
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly depth: number;
}

/** A durable request to the outside. At most one of a name is pending per key; asking again replaces it. */
export interface CallType<Name extends string, Request, Outcome> {
  (request: Request): Task<Name, Request>;
  readonly kind: 'call';
  readonly messageName: Name;
  /** Never present: carries the outcome's type for `on`. */
  readonly outcome?: Outcome;
}

/** A durable alarm clock. At most one of a name is pending per key; setting it again moves it. */
export interface TimerType<Name extends string, Data> {
  (data: Data): Task<Name, Data>;
  readonly kind: 'timer';
  readonly messageName: Name;
}

/** A call or timer as a decision asks for it. */
export interface Task<Name extends string = string, Data = unknown> {
  readonly kind: 'task';
  readonly task: 'call' | 'timer';
  readonly type: Name;
  readonly key: string;
  readonly data: Data;
  /** How long from the decision until it is due. Calls default to 0: as soon as the decision is committed. */
  readonly delayMs: number;
}

/** Takes a pending call or timer back, if it is still pending. */
export interface Cancellation<Name extends string = string> {
  readonly kind: 'cancellation';
  readonly type: Name;
  readonly key: string;
}

/** What `react` sees of a call that was answered. */
export interface Answered<Request, Outcome> {
  readonly request: Request;
  readonly outcome: Outcome;
}

// biome-ignore lint/suspicious/noExplicitAny: unrelated message types have no common supertype for their data
export type AnyCommandType = CommandType<string, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyCallType = CallType<string, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnyTimerType = TimerType<string, any>;
export type AnyTaskType = AnyCallType | AnyTimerType;
export type AnyMessageType = AnyEventType | AnyCommandType | AnyTaskType;

/** What `react` receives as its first argument for each message type. */
export type DataOf<M> =
  M extends CallType<string, infer Request, infer Outcome>
    ? Answered<Request, Outcome>
    : M extends TimerType<string, infer Data>
      ? Data
      : M extends CommandType<string, infer Data>
        ? Data
        : M extends (data: never) => DomainEvent<string, infer Data>
          ? Data
          : never;

/** Declares a command: `command('AddSeats', (added: AddedSeats) => added.flight)`. */
export function command<const Name extends string, Data>(
  name: Name,
  keyOf: (data: Data) => string,
): CommandType<Name, Data> {
  const construct = (data: Data): Command<Name, Data> => ({ kind: 'command', type: name, key: keyOf(data), data });
  return Object.assign(construct, { kind: 'command' as const, messageName: name });
}

/**
 * Declares a call: `call<'BookSeat', SeatRequest, SeatOutcome>('BookSeat', ({ tripId }) => tripId)`.
 * Request and outcome are stored as JSON.
 */
export function call<const Name extends string, Request, Outcome>(
  name: Name,
  keyOf: (request: Request) => string,
): CallType<Name, Request, Outcome> {
  const construct = (data: Request): Task<Name, Request> => task('call', name, keyOf(data), data);
  return Object.assign(construct, { kind: 'call' as const, messageName: name });
}

/** Declares a timer; set it with `after(delayMs, HoldExpiry({ tripId }))`. Its data is stored as JSON. */
export function timer<const Name extends string, Data>(
  name: Name,
  keyOf: (data: Data) => string,
): TimerType<Name, Data> {
  const construct = (data: Data): Task<Name, Data> => task('timer', name, keyOf(data), data);
  return Object.assign(construct, { kind: 'timer' as const, messageName: name });
}

/** Makes a call or timer due later. */
export function after<Name extends string, Data>(delayMs: number, asked: Task<Name, Data>): Task<Name, Data> {
  return { ...asked, delayMs };
}

/** Takes a pending call or timer of this key back. */
export function cancel<Name extends string>(type: { readonly messageName: Name }, key: string): Cancellation<Name> {
  return { kind: 'cancellation', type: type.messageName, key };
}

function task<Name extends string, Data>(
  kind: 'call' | 'timer',
  type: Name,
  key: string,
  data: Data,
): Task<Name, Data> {
  return { kind: 'task', task: kind, type, key, data, delayMs: 0 };
}
