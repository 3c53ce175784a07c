import type { AnyEventType, DomainEvent, EventOf } from '@troupe/schemas';
import type { Aggregate } from './aggregate.ts';
import type { CommandDecision, Context, Decision } from './decision.ts';
import type { AnyCommandType, AnyMessageType, AnyTaskType, Cancellation, DataOf, Task } from './messages.ts';
import type { SagaDefinition } from './saga/definition.ts';

/** What one reaction may say: exactly the events it lists, and the calls and timers it lists. */
type Allowed<Emits extends AnyEventType, Starts extends AnyTaskType> =
  | (Emits extends AnyEventType ? EventOf<Emits> : never)
  | (Starts extends AnyTaskType ? TaskOf<Starts> : never)
  | Cancellation;
type TaskOf<T extends AnyTaskType> = T extends (data: infer Data) => Task<infer Name, unknown>
  ? Task<Name, Data>
  : never;

/** Commands may be rejected; events, answers and timers are facts and may only be ignored. */
type DecisionFor<M, State, E extends DomainEvent | Task | Cancellation> = M extends AnyCommandType
  ? CommandDecision<State, E>
  : Decision<State, E>;

interface ReactionSpec<M extends AnyMessageType, State, Emits extends AnyEventType, Starts extends AnyTaskType> {
  /** The events this reaction can cause. An event that is not listed does not compile. Default: none. */
  readonly emits?: readonly Emits[];
  /** The one of `emits` that a saga begins with: the saga's id is its id and its cause. Emitted once for a saga, or it is lost. */
  readonly begins?: NoInfer<Emits>;
  /** The calls and timers it can start. Default: none. */
  readonly starts?: readonly Starts[];
  /** Within how many milliseconds after the message one of `emits` is expected, its own or of a call that it starts. */
  readonly within?: number;
  /** Of a timer: how many milliseconds after it is set it goes off, where that is known without an order. */
  readonly after?: number;
  /** Pure and synchronous: no clock, no randomness, no I/O. Throwing means a broken invariant: a dead letter. */
  react(data: DataOf<M>, state: State, context: Context): DecisionFor<M, State, Allowed<Emits, Starts>>;
}

/** One row of a reaction table, as data. A test that expects what its types do not list does not compile. */
export interface Reaction<
  State,
  Hears extends AnyMessageType = AnyMessageType,
  Emits extends AnyEventType = AnyEventType,
  Starts extends AnyTaskType = AnyTaskType,
> {
  readonly hears: Hears;
  readonly emits: readonly Emits[];
  /** The one of `emits` that a saga begins with: the root of its tree. */
  readonly begins?: AnyEventType;
  readonly starts: readonly Starts[];
  readonly within: number | undefined;
  /** Of a timer: how long after it is set it goes off. The rule that sets it decides; this is for the map. */
  readonly after?: number;
  /**
   * Of a row that does not act alike in both styles of a saga: what it may cause in each style in which it acts. `emits` and
   * `starts` have all of it, and the runtime reads those alone.
   */
  readonly byStyle?: Readonly<Partial<Record<SagaStyle, Behaviour>>>;
  /** Of a row that orchestrates sagas: their tables. */
  readonly orchestrates?: readonly AnySaga[];
  react(data: unknown, state: State, context: Context): CommandDecision<State>;
}

/** How a saga is run: its services act on what they hear of each other, or an orchestrator asks for each of its steps. */
export type SagaStyle = 'choreographed' | 'orchestrated';

/** What a row may cause, and by when. */
export type Behaviour = Pick<Reaction<never>, 'emits' | 'starts' | 'within'>;

// biome-ignore lint/suspicious/noExplicitAny: the sagas of a table may be about unrelated subjects
type AnySaga = SagaDefinition<any>;

/** A row of a reaction table: what is heard, what may be said, and the rule between them. */
export function on<
  M extends AnyMessageType,
  State,
  Emits extends AnyEventType = never,
  Starts extends AnyTaskType = never,
>(hears: M, spec: ReactionSpec<M, State, Emits, Starts>): Reaction<State, M, NoInfer<Emits>, NoInfer<Starts>> {
  return {
    hears,
    emits: spec.emits ?? [],
    ...(spec.begins && { begins: spec.begins }),
    starts: spec.starts ?? [],
    within: spec.within,
    ...(spec.after !== undefined && { after: spec.after }),
    react: (data, state, context) => spec.react(data as DataOf<M>, state, context),
  };
}

/** A service, as data. */
export interface ReactionTable<Row, State, Rows extends Reaction<State> = Reaction<State>> {
  readonly service: string;
  readonly aggregate: Aggregate<Row, State>;
  readonly reactions: readonly Rows[];
  /** The sagas that it orchestrates as their orchestrator. */
  readonly sagas: readonly AnySaga[];
  /** What its events call the id of their saga, for logs and views: the key of the first that a row hears or emits. */
  readonly sagaField: string;
  /** By message name; names are unique over events, commands, calls and timers of a table. */
  find(messageName: string): Reaction<State> | undefined;
}

/** Rows that share something, which the function that makes the section says once for all of them. */
export type Section<State, Rows extends Reaction<State> = Reaction<State>> = readonly Rows[];

/** Rows that act in one style of a saga. In the other, nothing of what they hear comes, or their rules leave it alone. */
export function inStyle<State, const Rows extends Section<State>>(
  style: SagaStyle,
  ...rows: Rows
): Section<State, Rows[number]> {
  return rows.map((row) => ({ ...row, byStyle: { [style]: behaviourOf(row) } }));
}

/** What a row may cause, without its rule. */
export const behaviourOf = ({ emits, starts, within }: Behaviour): Behaviour => ({ emits, starts, within });

type RowsOf<State, Part> = Extract<Part extends readonly (infer Row)[] ? Row : Part, Reaction<State>>;

/** Declares a service's table, row by row and section by section. Throws when two rows hear the same message. */
export function reactions<
  Row,
  State,
  const Parts extends readonly (Reaction<NoInfer<State>> | Section<NoInfer<State>>)[],
>(aggregate: Aggregate<Row, State>, parts: Parts): ReactionTable<Row, State, RowsOf<State, Parts[number]>> {
  const rows = parts.flat() as Reaction<State>[];
  const byName = new Map(rows.map((row) => [row.hears.messageName, row]));
  if (byName.size !== rows.length) {
    const names = rows.map((row) => row.hears.messageName);
    const twice = names.filter((name, at) => names.indexOf(name) !== at);
    throw new Error(`The reaction table of ${aggregate.service} hears ${twice.join(', ')} twice: merge the rows.`);
  }
  return {
    service: aggregate.service,
    aggregate,
    sagas: [...new Set(rows.flatMap(({ orchestrates }) => orchestrates ?? []))],
    reactions: rows as RowsOf<State, Parts[number]>[],
    sagaField: sagaFieldOf(rows),
    find: (name) => byName.get(name),
  };
}

function sagaFieldOf(rows: readonly Pick<Reaction<never>, 'hears' | 'emits'>[]): string {
  const [first] = rows.flatMap(({ hears, emits }) => (hears.kind === 'event' ? [hears] : emits));
  return first?.key ?? 'sagaId';
}

export const seconds = (n: number): number => n * 1000;
