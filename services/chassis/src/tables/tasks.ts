import type { PendingTask, WithdrawnTask } from '../incoming/pending-task.ts';
import { byKey } from '../postgres/by-key.ts';
import { firstCharacters } from '../rules/characters.ts';
import type { Sql } from '../rules/database.ts';
import type { TraceHeaders } from '../telemetry/trace-context.ts';

/** A pending call or timer, as it is stored. */
export interface TaskRow {
  readonly id: string;
  readonly kind: 'call' | 'timer';
  readonly name: string;
  readonly key: string;
  /** JSON. */
  readonly data: unknown;
  readonly correlationId: string;
  readonly causationId: string;
  /** In the tree of causes, of what set it. */
  readonly depth: number;
  readonly trace: TraceHeaders;
  /** How often it was started, this time included. */
  readonly attempts: number;
}

export interface NewTask extends TaskRow {
  readonly delayMs: number;
  /** This process starts it as soon as the transaction is committed; another may take it after the lease. */
  readonly leased: boolean;
}

/** How long a started task belongs to its process. Longer than any call's time-out. */
export const LEASE_MS = 15_000;

/** Of the tasks whose outcome a batch brings, the ids that still count: the others were handled before or replaced. */
export async function stillPending(tx: Sql, tasks: readonly PendingTask[]): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT task.id::text FROM chassis.task JOIN unnest($1::text[], $2::text[], $3::uuid[]) AS t(name, key, id)
       ON ${byKey('task.name', 't.name')} AND ${byKey('task.key', 't.key')} AND task.id = t.id FOR UPDATE OF task`,
    tasks.map((task) => task.name),
    tasks.map((task) => task.key),
    tasks.map((task) => task.id),
  );
  return new Set(rows.map((row) => row.id));
}

/** Deletes tasks: one by its id when it was handled, whichever is there when it was withdrawn. One statement. */
export async function remove(tx: Sql, tasks: readonly (PendingTask | WithdrawnTask)[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `DELETE FROM chassis.task USING unnest($1::text[], $2::text[], $3::uuid[]) AS gone(name, key, id)
     WHERE ${byKey('task.name', 'gone.name')} AND ${byKey('task.key', 'gone.key')}
       AND (gone.id IS NULL OR task.id = gone.id)`,
    tasks.map((task) => task.name),
    tasks.map((task) => task.key),
    tasks.map((task) => ('id' in task ? task.id : null)),
  );
}

/** Stores new tasks; one of the same name and key that is still pending is replaced. One statement. */
export async function schedule(tx: Sql, tasks: readonly NewTask[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO chassis.task (id, kind, name, key, data, due_at, leased_until, attempts, correlation_id, causation_id, depth, traceparent, tracestate)
     SELECT id, kind, name, key, data::jsonb, now() + delay * interval '1 millisecond',
            CASE WHEN leased THEN now() + ${LEASE_MS} * interval '1 millisecond' END, attempts, correlation, causation, depth, parent, state
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::bool[], $8::int[], $9::text[],
                 $10::text[], $11::int[], $12::text[], $13::text[])
       AS t(id, kind, name, key, data, delay, leased, attempts, correlation, causation, depth, parent, state)
     ON CONFLICT (name, key) DO UPDATE SET
       id = excluded.id, kind = excluded.kind, data = excluded.data, due_at = excluded.due_at,
       leased_until = excluded.leased_until, attempts = excluded.attempts, last_error = NULL,
       correlation_id = excluded.correlation_id, causation_id = excluded.causation_id, depth = excluded.depth,
       traceparent = excluded.traceparent, tracestate = excluded.tracestate`,
    tasks.map((task) => task.id),
    tasks.map((task) => task.kind),
    tasks.map((task) => task.name),
    tasks.map((task) => task.key),
    tasks.map((task) => JSON.stringify(task.data)),
    tasks.map((task) => task.delayMs),
    tasks.map((task) => task.leased),
    tasks.map((task) => task.attempts),
    tasks.map((task) => task.correlationId),
    tasks.map((task) => task.causationId),
    tasks.map((task) => task.depth),
    tasks.map((task) => task.trace.traceparent ?? null),
    tasks.map((task) => task.trace.tracestate ?? null),
  );
}

/** Of tasks in one claim, whatever it asks for. */
export const MOST_CLAIMED = 256;

/**
 * Leases up to `limit` tasks (`MOST_CLAIMED` at most) that are due and belong to nobody, but none of the names in `except`; of
 * each name those that have been due longest. Names come in an order of chance: none of them waits for the backlog of another. Safe
 * beside other processes that do the same. The rows are found again by where they lie, since they are locked.
 *
 * Reads what it takes, whatever lies there: each name is looked for behind the one before, and the tasks of a name come in the
 * order of the index. So the inner limit is a number (an unknown one is taken for a tenth of all rows, which are then read and
 * sorted), but no more rows are locked than the outer one asks for. The statement runs on the connections of the unit of work
 * (`WorkConnection.single`), where no plan reads a whole table because it was empty once.
 */
export async function claim(db: Sql, limit: number, except: readonly string[] = []): Promise<readonly TaskRow[]> {
  return db.$queryRawUnsafe<TaskRow[]>(
    `WITH RECURSIVE names(name) AS (
       (SELECT name FROM chassis.task ORDER BY name LIMIT 1)
       UNION ALL
       SELECT (SELECT task.name FROM chassis.task WHERE task.name > names.name ORDER BY task.name LIMIT 1)
       FROM names WHERE name IS NOT NULL)
     UPDATE chassis.task SET leased_until = now() + ${LEASE_MS} * interval '1 millisecond', attempts = attempts + 1
     WHERE ctid = ANY (ARRAY (
       SELECT due.ctid
       FROM (SELECT name FROM names WHERE name IS NOT NULL AND name <> ALL($2::text[]) ORDER BY random()) AS wanted
       CROSS JOIN LATERAL (
         SELECT ctid FROM chassis.task
         WHERE task.name || '' = wanted.name AND due_at <= now() AND (leased_until IS NULL OR leased_until < now())
         ORDER BY due_at LIMIT ${MOST_CLAIMED} FOR UPDATE SKIP LOCKED) AS due
       LIMIT $1))
     RETURNING id::text, kind, name, key, data, attempts, correlation_id AS "correlationId", causation_id AS "causationId", depth,
       json_strip_nulls(json_build_object('traceparent', traceparent, 'tracestate', tracestate)) AS trace`,
    limit,
    except,
  );
}

export interface Released {
  /** When it is due again. */
  readonly delayMs: number;
  /** Why there was no answer. */
  readonly error: string;
}

/** Gives a task back after an attempt without an answer; nothing, when it was replaced meanwhile. */
export async function release(db: Sql, { name, key, id }: PendingTask, { delayMs, error }: Released): Promise<void> {
  await db.$executeRawUnsafe(
    `UPDATE chassis.task SET leased_until = NULL, due_at = now() + $4::float8 * interval '1 millisecond', last_error = $5
     WHERE name = $1 AND key = $2 AND id = $3::uuid`,
    name,
    key,
    id,
    delayMs,
    firstCharacters(error, 500),
  );
}
