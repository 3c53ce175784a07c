import { expect } from 'expect';
import type { CommandDecision, Context, Effect } from '../rules/decision.ts';
import type { CallType } from '../rules/messages.ts';
import type { Reaction, ReactionTable } from '../rules/reactions.ts';
import {
  type ExpectedEffects,
  type ExpectedFacts,
  effectName,
  effectsByKind,
  expectedEffects,
  type MessageOf,
  type RowHearing,
  type RowTypes,
} from './expected.ts';
import type { Like } from './like.ts';

export interface SpecificationOptions<Row, State, Facts extends object> {
  /** The context of every message, unless `when` gives another moment or id. */
  readonly context: Context;
  /** How a row comes back from the repository, when saving and loading changes it. Applied before each `when`. */
  loaded?(row: Row): Row;
  /** What else `then` compares, by name: anything that a state or the rows tell. */
  facts?(state: State | undefined, rows: ReadonlyMap<string, Row>): Facts;
}

/** What was heard before: rows as they would be in the database. */
interface Before<Row, State> {
  readonly rows: ReadonlyMap<string, Row>;
  /** The state of the last message that was acted upon. */
  readonly state: State | undefined;
}

interface Heard {
  readonly type: string;
  readonly data: unknown;
  readonly key?: string;
}

type StateOrParts<State> = { readonly state?: State | Like<NonNullable<State>> };
type Details = { readonly [Field in 'status' | 'title' | 'message' | 'faults']?: unknown };

/**
 * Tests a reaction table rule by rule, without a database:
 *
 *     const { given } = specification(paymentReactions(rules), { context });
 *
 *     given(ordered)
 *       .when(charged)
 *       .then({ state: { ...due, status: 'COMPLETED' }, emits: [PaymentCompleted(due)] })
 *       .when(charged)
 *       .thenIgnored('the charge was answered before');
 *
 * A rule sees the rows that the table's aggregate names for its message, as with a database. A rule that causes what its row
 * does not list fails in every test, since the maps and checks of the choreography rely on the rows.
 */
export function specification<
  Row,
  State,
  Rows extends Reaction<State>,
  Facts extends object = Readonly<Record<never, never>>,
>(table: ReactionTable<Row, State, Rows>, options: SpecificationOptions<Row, State, Facts>) {
  const start = (before: Before<Row, State>) => new Given<Row, State, Rows, Facts>(table, options, before);
  return {
    /** After these messages, each of which has to be acted upon. Without any: nothing is stored. */
    given: (...messages: MessageOf<Rows['hears']>[]) =>
      messages.reduce((given, message) => given.after(message), start({ rows: new Map(), state: undefined })),

    /** With these rows in the database. */
    givenRows: (rows: Iterable<readonly [key: string, row: Row]>) => start({ rows: new Map(rows), state: undefined }),

    /** With the rows of this state. */
    givenState: (state: State) => start({ rows: new Map(table.aggregate.rowsOf(state)), state }),
  };
}

/** The answer to a call, as its table hears it. */
export function answerTo<Name extends string, Request, Outcome>(
  call: CallType<Name, Request, Outcome>,
  request: Request,
  outcome: Outcome,
) {
  const { key } = call(request);
  return { type: call.messageName, key, data: { request, outcome } };
}

/** The rows that the messages so far have left. */
export class Given<Row, State, Rows extends Reaction<State>, Facts extends object> {
  readonly rows: ReadonlyMap<string, Row>;
  /** The state that the last message has left; undefined before the first. */
  readonly state: State | undefined;
  readonly #table: ReactionTable<Row, State, Rows>;
  readonly #options: SpecificationOptions<Row, State, Facts>;

  constructor(
    table: ReactionTable<Row, State, Rows>,
    options: SpecificationOptions<Row, State, Facts>,
    { rows, state }: Before<Row, State>,
  ) {
    this.#table = table;
    this.#options = options;
    this.rows = rows;
    this.state = state;
  }

  get facts(): Facts {
    return this.#options.facts?.(this.state, this.rows) ?? ({} as Facts);
  }

  /** After one more message, which has to be acted upon. */
  after(message: MessageOf<Rows['hears']>): Given<Row, State, Rows, Facts> {
    const heard = this.#hear(message, {}, this.rows);
    if (heard.decision.kind === 'decided') return heard.next;
    throw new Error(`${message.type} is not what happens next: ${sentenceOf(heard.decision)}`);
  }

  /** Hears one more message. */
  when<M extends MessageOf<Rows['hears']>>(message: M, context: Partial<Context> = {}) {
    const { loaded } = this.#options;
    const rows = loaded === undefined ? this.rows : new Map([...this.rows].map(([key, row]) => [key, loaded(row)]));
    return this.#hear<RowHearing<Rows, M['type']>>(message, context, rows);
  }

  /** Checks what is stored. */
  has({ state, ...facts }: StateOrParts<State> & ExpectedFacts<Facts>): this {
    compare(
      'What is stored',
      { state: this.state, ...this.facts },
      { ...(state !== undefined && { state }), ...facts },
      this.has,
    );
    return this;
  }

  #hear<Types extends RowTypes>(message: Heard, context: Partial<Context>, rows: ReadonlyMap<string, Row>) {
    const { aggregate, service, find } = this.#table;
    const row = find(message.type);
    if (row === undefined) throw new Error(`${service} does not hear ${message.type}.`);
    const { key = row.hears.kind === 'event' ? row.hears.keyOf(message.data) : undefined } = message;
    if (typeof key !== 'string')
      throw new TypeError(`${message.type} has no key: make it with its constructor, or answerTo.`);
    const addressed = { ...message, key };
    const wanted = new Set(aggregate.keysOf(addressed));
    const before = aggregate.view(new Map([...rows].filter(([key]) => wanted.has(key))), addressed);
    const react = () => row.react(message.data, before, { ...this.#options.context, ...context });
    const next = (state: State) =>
      new Given<Row, State, Rows, Facts>(this.#table, this.#options, {
        rows: new Map([...rows, ...aggregate.rowsOf(state)]),
        state,
      });
    return new When<Row, State, Rows, Facts, Types>({ service, message, row, react, before, next });
  }
}

interface WhenParts<Row, State, Rows extends Reaction<State>, Facts extends object> {
  readonly service: string;
  readonly message: Heard;
  readonly row: Reaction<State>;
  readonly before: State;
  react(): CommandDecision<State>;
  next(state: State): Given<Row, State, Rows, Facts>;
}

/** One message, and what the rule makes of it. */
export class When<Row, State, Rows extends Reaction<State>, Facts extends object, Types extends RowTypes> {
  readonly #parts: WhenParts<Row, State, Rows, Facts>;
  readonly #outcome: { readonly decision: CommandDecision<State> } | { readonly error: unknown };

  constructor(parts: WhenParts<Row, State, Rows, Facts>) {
    this.#parts = parts;
    try {
      this.#outcome = { decision: this.#decide() };
    } catch (error) {
      this.#outcome = { error };
    }
  }

  /** @throws what the rule has thrown */
  get decision(): CommandDecision<State> {
    if ('error' in this.#outcome) throw this.#outcome.error;
    return this.#outcome.decision;
  }

  /** The state after the message. */
  get state(): State {
    return this.decision.kind === 'decided' ? this.decision.state : this.#parts.before;
  }

  get effects(): readonly Effect[] {
    return this.decision.kind === 'decided' ? this.decision.effects : [];
  }

  /** `PaymentCompleted`, `start Charge`, `cancel ApprovalExpiry`. */
  get effectNames(): readonly string[] {
    return this.effects.map(effectName);
  }

  /** Goes on with what is stored now, whatever the decision was. */
  get next(): Given<Row, State, Rows, Facts> {
    return this.#parts.next(this.state);
  }

  /** The rule acts: with this state, if it is given, and with these effects and no others. */
  // biome-ignore lint/suspicious/noThenProperty: the word that everybody knows from given, when, then; nothing awaits it
  then(expected: StateOrParts<State> & ExpectedEffects<Types> & ExpectedFacts<Facts>): Given<Row, State, Rows, Facts> {
    const { emits, starts, cancels, ...more } = expected as Record<string, unknown[]> & { state?: unknown };
    const { next } = this;
    const actual = { decision: sentenceOf(this.decision), state: next.state, ...next.facts };
    const wanted = { decision: 'decided', ...more, ...expectedEffects({ emits, starts, cancels }) };
    compare(this.#title, { ...actual, ...effectsByKind(this.effects) }, wanted, this.then);
    return next;
  }

  /** The rule does nothing, and says why. */
  thenIgnored(reason?: string | RegExp): Given<Row, State, Rows, Facts> {
    const expected = { kind: 'ignored', ...(reason !== undefined && { reason: textLike(reason) }) };
    compare(this.#title, { kind: this.decision.kind, ...this.#refusal }, expected, this.thenIgnored);
    return this.next;
  }

  /** The rule refuses the command, with this code. */
  thenRejected(code: string, details: Details = {}): Given<Row, State, Rows, Facts> {
    const { decision } = this;
    const actual = decision.kind === 'rejected' ? errorFields(decision.error) : {};
    const expected = { kind: 'rejected', code, ...details };
    compare(this.#title, { kind: decision.kind, ...this.#refusal, ...actual }, expected, this.thenRejected);
    return this.next;
  }

  /** The rule throws: the message becomes a dead letter, with this code. */
  thenFails(code: string, message?: string | RegExp): void {
    const actual = 'error' in this.#outcome ? { kind: 'fails', ...errorFields(this.#outcome.error) } : this.decision;
    const expected = { kind: 'fails', code, ...(message !== undefined && { message: textLike(message) }) };
    compare(this.#title, { ...actual }, expected, this.thenFails);
  }

  #decide(): CommandDecision<State> {
    const { service, message, row, react } = this.#parts;
    const decision = react();
    const unlisted = decision.kind === 'decided' ? decision.effects.filter((effect) => !isListed(row, effect)) : [];
    if (unlisted.length === 0) return decision;
    const names = unlisted.map(({ type }) => type).join(', ');
    throw new Error(`The row of ${service} for ${message.type} does not list ${names}.`);
  }

  get #title(): string {
    return `When ${this.#parts.service} hears ${this.#parts.message.type}`;
  }

  get #refusal(): object {
    const { decision } = this;
    if (decision.kind === 'ignored') return { reason: decision.reason };
    return decision.kind === 'rejected' ? { code: decision.error.code } : {};
  }
}

function isListed({ emits, starts }: RowTypes, effect: Effect): boolean {
  if ('kind' in effect && effect.kind === 'cancellation') return true;
  return [...emits, ...starts].some(({ messageName }) => messageName === effect.type);
}

function errorFields(error: unknown): object {
  const { code, status, title, message, faults } = error as Record<string, unknown>;
  return { code, status, title, message, faults };
}

const textLike = (text: string | RegExp): unknown => (typeof text === 'string' ? text : expect.stringMatching(text));

function sentenceOf(decision: CommandDecision<unknown>): string {
  if (decision.kind === 'ignored') return `ignored: ${decision.reason}`;
  return decision.kind === 'rejected' ? `rejected: ${decision.error.code}, ${decision.error.message}` : 'decided';
}

// biome-ignore lint/complexity/noBannedTypes: any method, as captureStackTrace takes it
type Caller = Function;

/** Compares what is expected; the difference is shown with the line of the test. */
function compare(title: string, actual: object, expected: object, caller: Caller): void {
  const fields = Object.keys(expected).filter((name) => (expected as Record<string, unknown>)[name] !== undefined);
  const pick = (from: object) =>
    Object.fromEntries(fields.map((name) => [name, (from as Record<string, unknown>)[name]]));
  try {
    expect(pick(actual)).toStrictEqual(pick(expected));
  } catch (error) {
    const difference = error as Error;
    difference.message = `${title}:\n\n${difference.message}`;
    Error.captureStackTrace(difference, caller);
    throw difference;
  }
}
