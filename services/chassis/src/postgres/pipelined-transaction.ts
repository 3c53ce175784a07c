import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import pg from 'pg';

const { prepareValue } = createRequire(import.meta.url)('pg/lib/utils') as { prepareValue(value: unknown): WireValue };

/** As it is sent. */
export type WireValue = string | Buffer | null;

/** Values as pg sends them. @throws what their own conversion to JSON or text throws: call it before anything is sent. */
export const wireValues = (values: readonly unknown[]): readonly WireValue[] =>
  values.map((value) => prepareValue(value));

/** A statement on its way, and what waits for its result. */
export interface Statement {
  readonly text: string;
  /** Under which PostgreSQL keeps it prepared; the same text, the same name. Empty: not kept. */
  readonly name: string;
  readonly values: readonly WireValue[];
  done(result: StatementResult): void;
  failed(error: unknown): void;
}

export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[];
  /** What PostgreSQL says that it did: `INSERT 0 5`, `COMMIT`. */
  readonly command: string;
}

interface Column {
  readonly name: string;
  read(text: string): unknown;
}

/** What a connection has prepared: the columns of each statement's rows; undefined when it may be prepared, or may not. */
type Prepared = Map<string, readonly Column[] | undefined>;

/** The part of pg's connection that a query of one's own may use; it has no types. */
interface Connection {
  readonly stream: Socket;
  parse(message: { text: string; name: string }): void;
  bind(message: { statement: string; values: readonly WireValue[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: object): void;
  close(message: { type: 'S'; name: string }): void;
  sync(): void;
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

const prepared = new WeakMap<Connection, Prepared>();

/**
 * Several statements as one query of pg, with one Sync behind them: sent and answered in one piece, so that a process
 * wakes up once. (pg's pipeline mode sends a Sync behind each.) When one fails, those behind it fail of the same.
 *
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class PipelinedTransaction implements pg.Submittable {
  readonly #statements: readonly Statement[];
  #known: Prepared = new Map();
  /** The statement whose answers come now. */
  #at = 0;
  #columns: readonly Column[] = [];
  #rows: Record<string, unknown>[] = [];
  #unreadable: { readonly error: unknown } | undefined;

  constructor(statements: readonly Statement[]) {
    this.#statements = statements;
  }

  get texts(): readonly string[] {
    return this.#statements.map(({ text }) => text);
  }

  submit(connection: pg.Connection): void {
    const to = connection as unknown as Connection;
    this.#known = prepared.get(to) ?? new Map();
    prepared.set(to, this.#known);
    const names = new Set<string>();
    to.stream.cork();
    for (const statement of this.#statements) {
      this.#send(to, statement, names.has(statement.name));
      if (statement.name !== '') names.add(statement.name);
    }
    to.sync();
    to.stream.uncork();
    this.#begin();
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, read: pg.types.getTypeParser(dataTypeID) }));
  }

  /** Never throws: it is called in the middle of what pg reads, and what follows must be read. */
  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      const row: Record<string, unknown> = {};
      for (const [index, { name, read }] of this.#columns.entries()) {
        const text = fields[index] ?? null;
        row[name] = text === null ? null : read(text);
      }
      this.#rows.push(row);
    } catch (error) {
      this.#unreadable ??= { error };
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const statement = this.#statements[this.#at] as Statement;
    if (statement.name !== '') this.#known.set(statement.name, this.#columns);
    if (this.#unreadable !== undefined) statement.failed(this.#unreadable.error);
    else statement.done({ rows: this.#rows, command: text });
    this.#at += 1;
    this.#begin();
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  /** Of the statement whose answers were to come, or of the whole connection. */
  handleError(error: unknown): void {
    for (const statement of this.#statements.slice(this.#at)) {
      if (!this.#isKnown(statement)) this.#known.set(statement.name, undefined);
      statement.failed(error);
    }
    this.#at = this.#statements.length;
  }

  handleReadyForQuery(): void {}

  #begin(): void {
    this.#columns = this.#known.get(this.#statements[this.#at]?.name ?? '') ?? [];
    this.#rows = [];
    this.#unreadable = undefined;
  }

  #send(to: Connection, statement: Statement, isSentBefore: boolean): void {
    const { name, text, values } = statement;
    const isKnown = isSentBefore || this.#isKnown(statement);
    // One that was sent together with one that failed may be prepared, or may not: closing it is right in both cases.
    if (!isKnown && this.#known.has(name)) to.close({ type: 'S', name });
    if (!isKnown) to.parse({ name, text });
    to.bind({ statement: name, values });
    if (!isKnown) to.describe({ type: 'P', name: '' });
    to.execute({});
  }

  #isKnown({ name }: Statement): boolean {
    return name !== '' && this.#known.get(name) !== undefined;
  }
}
