import type { AnyEventType, EventOf } from '@troupe/schemas';
import { expect } from 'expect';
import type { Effect } from '../rules/decision.ts';
import type { AnyMessageType, AnyTaskType, Cancellation, DataOf, Task } from '../rules/messages.ts';
import { type Like, like, type PartsOf } from './like.ts';

/** A message as a table hears it: an event, a command, a timer, or the answer to a call. */
export type MessageOf<M extends AnyMessageType> = M extends AnyMessageType
  ? { readonly type: M['messageName']; readonly data: DataOf<M>; readonly key?: string }
  : never;

/** What the types of a row say. */
export interface RowTypes {
  readonly hears: AnyMessageType;
  readonly emits: readonly AnyEventType[];
  readonly starts: readonly AnyTaskType[];
}

/** The row of a table that hears a message, by its type. */
export type RowHearing<Rows extends RowTypes, Type extends string> = Extract<
  Rows,
  { readonly hears: { readonly messageName: Type } }
>;

type Name<T extends { readonly messageName: string }> = T['messageName'];

/** An event: whole, as its constructor makes it; with some of its data, by `like`; or only its type. */
type ExpectedEvent<E extends AnyEventType> = E extends AnyEventType ? EventOf<E> | SomeOf<Name<E>> | E : never;
/** A call or timer, the same way. */
type ExpectedTask<T extends AnyTaskType> = T extends AnyTaskType ? ReturnType<T> | SomeOf<Name<T>> | T : never;

/** What a decision causes. Everything that is caused has to be listed: a list that is left out is empty. */
export interface ExpectedEffects<Row extends RowTypes> {
  readonly emits?: readonly ExpectedEvent<Row['emits'][number]>[];
  /** In the order in which they are asked for, each with its delay. */
  readonly starts?: readonly ExpectedTask<Row['starts'][number]>[];
  readonly cancels?: readonly (AnyTaskType | Cancellation)[];
}

/** Whole values, or some of their parts. */
export type ExpectedFacts<Facts> = { readonly [Name in keyof Facts]?: Facts[Name] | Like<Facts[Name]> };

/** An effect of this type that has at least this data. */
export interface SomeOf<Type extends string> {
  readonly like: Type;
  readonly data: unknown;
  readonly key: unknown;
}

type Built<M> = M extends (data: never) => { readonly data: infer Data } ? Data : never;

/** `emits: [withData(PaymentFailed, { reason: 'DECLINED' })]`: the other fields may be anything; the key of a task too, unless given. */
export function withData<M extends AnyEventType | AnyTaskType>(
  { messageName }: M,
  data: PartsOf<Built<M>>,
  key?: string,
): SomeOf<Name<M>> {
  return { like: messageName, data: like<unknown>(data as PartsOf<unknown>), key };
}

export interface Effects {
  readonly emits: readonly unknown[];
  readonly starts: readonly unknown[];
  readonly cancels: readonly unknown[];
}
type SomeEffects = { readonly [Kind in keyof Effects]?: readonly unknown[] | undefined };

export function effectsByKind(effects: readonly Effect[]): Effects {
  const ofKind = (kind: Task['kind'] | Cancellation['kind']) =>
    effects.filter((effect) => 'kind' in effect && effect.kind === kind);
  return {
    emits: effects.filter((effect) => !('kind' in effect)),
    starts: ofKind('task'),
    cancels: ofKind('cancellation'),
  };
}

export function expectedEffects({ emits = [], starts = [], cancels = [] }: SomeEffects): Effects {
  return { emits: emits.map(matcherOf), starts: starts.map(matcherOf), cancels: cancels.map(matcherOf) };
}

function matcherOf(expected: unknown): unknown {
  if (typeof expected === 'function')
    return expect.objectContaining({ type: (expected as AnyMessageType).messageName });
  if (isSome(expected)) {
    const { like: type, data, key } = expected;
    return expect.objectContaining({ type, data, ...(key !== undefined && { key }) });
  }
  return expected;
}

const isSome = (expected: unknown): expected is SomeOf<string> =>
  typeof expected === 'object' && expected !== null && 'like' in expected;

/** `PaymentCompleted`, `start Charge`, `cancel ApprovalExpiry`. */
export function effectName(effect: Effect): string {
  if (!('kind' in effect)) return effect.type;
  return effect.kind === 'task' ? `start ${effect.type}` : `cancel ${effect.type}`;
}
