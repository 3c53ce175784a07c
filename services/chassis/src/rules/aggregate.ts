import type { Sql } from './database.ts';

/** What `keysOf` and `view` may look at: any message that the service hears, with its saga key. */
export interface Addressed {
  /** Message name: `SeatBooked`, `AddSeats`. */
  readonly type: string;
  /** The key of the event, or what the command, call or timer declared as its key. */
  readonly key: string;
  /** Event or command data, or the request of a call. */
  readonly data: unknown;
}

/**
 * How a service's state is cut into rows. Pure: the same declaration serves PostgreSQL and the simulation.
 * A row is the unit of locking, loading and saving; `State` is what a rule sees, assembled from the rows of one message.
 */
export interface Aggregate<Row, State> {
  readonly service: string;
  /** The rows that a message reads or writes; the unit of work locks them, sorted, before it loads them. */
  keysOf(message: Addressed): readonly string[];
  /** The state of one message, from the rows of its keys; rows that do not exist are missing from the map. */
  view(rows: ReadonlyMap<string, Row>, message: Addressed): State;
  /** The rows of a state after a decision. A row that is the same object as before is not written. */
  rowsOf(state: State): Iterable<readonly [key: string, row: Row]>;
}

/** An aggregate whose every message concerns one row, and whose state is that row or nothing yet. */
export function oneRow<Row>(
  service: string,
  keyOfRow: (row: Row) => string,
  keyOf: (message: Addressed) => string = (message) => message.key,
): Aggregate<Row, Row | undefined> {
  return {
    service,
    keysOf: (message) => [keyOf(message)],
    view: (rows, message) => rows.get(keyOf(message)),
    rowsOf: (row) => (row === undefined ? [] : [[keyOfRow(row), row] as const]),
  };
}

/**
 * Load and save: the only place of a service with SQL on its hot path. Both are called at most once per batch, with
 * all keys or rows of it, and must use a constant number of statements whatever their number (`unnest`; see `byKey` for joins).
 * The keys are locked until the transaction ends, also those for which no row exists yet.
 */
export interface Repository<Row, Tx extends Sql = Sql> {
  load(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, Row>>;
  save(tx: Tx, rows: ReadonlyMap<string, Row>): Promise<void>;
  /**
   * Says that `save` sends all its statements before it waits for any answer (`together`), and looks at no answer: what must
   * not be committed fails in the database. COMMIT then goes with them, and a batch is one round trip less. A statement that
   * is sent later all the same comes behind the commit, and is refused.
   */
  readonly savesAtOnce?: true;
}
