import type { Sql } from '@troupe/chassis';

/** How the projection stands: see `projection` in prisma/console. */
export interface ProjectionState {
  /** One more with every rebuild that took effect. */
  readonly generation: number;
  readonly rebuild: RebuildProgress | null;
}

export interface RebuildProgress {
  /** Milliseconds since 1970, as the database's clock says. */
  readonly startedAt: number;
  readonly seenAt: number;
  /** Records. */
  readonly done: number;
  readonly of: number;
}

/** A rebuild that has said nothing for so long was killed. It leaves nothing behind but tables that the next one drops. */
const SILENT_S = 15;

export async function projectionState(sql: Sql): Promise<ProjectionState> {
  const [row] = await sql.$queryRawUnsafe<StateRow[]>(STATE);
  if (row === undefined)
    throw new Error('The table "projection" has lost its row: INSERT INTO projection DEFAULT VALUES.');
  const { generation, alive, started, seen, done, of } = row;
  return { generation, rebuild: alive ? { startedAt: started, seenAt: seen, done, of } : null };
}

interface StateRow {
  readonly generation: number;
  readonly alive: boolean | null;
  readonly started: number;
  readonly seen: number;
  readonly done: number;
  readonly of: number;
}

const STATE = `
  SELECT generation, rebuild_seen_at > now() - interval '${SILENT_S} s' AS alive,
         (extract(epoch FROM rebuild_started_at) * 1000)::float8 AS started,
         (extract(epoch FROM rebuild_seen_at) * 1000)::float8 AS seen,
         rebuild_done::float8 AS done, rebuild_of::float8 AS of
  FROM projection`;

/** Says how far a rebuild is. */
export async function tellRebuild(
  sql: Sql,
  { done, of }: { readonly done: bigint; readonly of: bigint },
): Promise<void> {
  await sql.$executeRawUnsafe(
    `UPDATE projection SET rebuild_started_at = coalesce(rebuild_started_at, now()), rebuild_seen_at = now(),
       rebuild_done = $1::bigint, rebuild_of = $2::bigint`,
    String(done),
    String(of),
  );
}

/** There is no rebuild, or none any more. `took effect`: the rows of the tables are others now. */
export async function endRebuild(sql: Sql, how: 'took effect' | 'was given up'): Promise<void> {
  await sql.$executeRawUnsafe(
    `UPDATE projection SET generation = generation + $1::int, rebuild_started_at = NULL, rebuild_seen_at = NULL,
       rebuild_done = NULL, rebuild_of = NULL`,
    how === 'took effect' ? 1 : 0,
  );
}
