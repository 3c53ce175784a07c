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
export const SILENT_S = 10;

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

/** What a rebuild shows to prove that it is the one under way. */
export type RebuildClaim = string;

/** Undefined: another one is under way. Whatever a silent one was doing is given up. */
export async function claimRebuild(sql: Sql): Promise<RebuildClaim | undefined> {
  const [row] = await sql.$queryRawUnsafe<{ claim: string }[]>(
    `UPDATE projection SET rebuild_started_at = clock_timestamp(), rebuild_seen_at = now(), rebuild_done = 0, rebuild_of = 0
     WHERE rebuild_seen_at IS NULL OR rebuild_seen_at <= now() - interval '${SILENT_S} s'
     RETURNING ${CLAIM} AS claim`,
  );
  return row?.claim;
}

const CLAIM = '(extract(epoch FROM rebuild_started_at) * 1000)::bigint::text';

/** Says how far a rebuild is, and that it is alive. @throws RebuildLost when another one has begun since. */
export async function tellRebuild(
  sql: Sql,
  claim: RebuildClaim,
  { done, of }: { readonly done: bigint; readonly of: bigint },
): Promise<void> {
  const told = await sql.$executeRawUnsafe(
    `UPDATE projection SET rebuild_seen_at = now(), rebuild_done = $2::bigint, rebuild_of = $3::bigint WHERE ${CLAIM} = $1::text`,
    claim,
    String(done),
    String(of),
  );
  if (told === 0) throw new RebuildLost();
}

/** There is no rebuild any more. `took effect`: the rows of the tables are others now. @throws RebuildLost as `tellRebuild` */
export async function endRebuild(sql: Sql, claim: RebuildClaim, how: 'took effect' | 'was given up'): Promise<void> {
  const ended = await sql.$executeRawUnsafe(
    `UPDATE projection SET generation = generation + $2::int, rebuild_started_at = NULL, rebuild_seen_at = NULL,
       rebuild_done = NULL, rebuild_of = NULL WHERE ${CLAIM} = $1::text`,
    claim,
    how === 'took effect' ? 1 : 0,
  );
  if (ended === 0) throw new RebuildLost();
}

export class RebuildLost extends Error {
  override readonly name = 'RebuildLost';
  constructor() {
    super('This rebuild stood still for so long that another one has begun. It gives up; the other one goes on.');
  }
}
