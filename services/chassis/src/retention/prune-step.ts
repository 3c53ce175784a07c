import type { Sql } from '../rules/database.ts';
import type { Pruning } from './prunings.ts';

export interface PruneStep {
  /** False while another process prunes this database: then nothing was done. */
  readonly mine: boolean;
  readonly pruned: number;
}

/**
 * Deletes up to `limit` rows that are old enough, in one statement and transaction. It waits for nobody: rows that
 * somebody holds are left. Nobody waits for it but who brings the very id that it deletes. The limit is part of the
 * text, so that a kept plan counts on it (see `claim` of tasks).
 */
export async function pruneStep(db: Sql, { table, olderThanMs, old, by }: Pruning, limit: number): Promise<PruneStep> {
  const cutoff = `(now() - $1::float8 * interval '1 millisecond')`;
  const [step] = await db.$queryRawUnsafe<[PruneStep]>(
    `WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('retention'), 0) AS mine),
     gone AS (
       DELETE FROM chassis.${table} WHERE ctid = ANY (ARRAY(
         SELECT ctid FROM chassis.${table} WHERE (SELECT mine FROM turn) AND ${old.replaceAll('cutoff', cutoff)}
         ORDER BY ${by} LIMIT ${limit} FOR UPDATE SKIP LOCKED))
       RETURNING 1)
     SELECT mine, (SELECT count(*)::int FROM gone) AS pruned FROM turn`,
    olderThanMs,
  );
  return step;
}
