import {
  gauge,
  type Log,
  type SagaDefinition,
  type SagaLog,
  type SagaStatus,
  type StuckMonitor,
  sagaLogFrom,
  sagaLogOf,
} from '@troupe/chassis';
import type { PrismaClient } from '@troupe/order-database';

interface PageOfSagas {
  readonly before: string | undefined;
  readonly status: SagaStatus | undefined;
  readonly limit: number;
}

/** Newest first: their ids are UUIDv7. */
export async function sagaPage(database: PrismaClient, { before, status, limit }: PageOfSagas): Promise<SagaLog[]> {
  const rows = await database.$queryRawUnsafe<{ log: unknown }[]>(
    `SELECT ${sagaLogOf('page.saga_id')} AS log FROM (
       SELECT saga_id FROM saga WHERE ($1::uuid IS NULL OR saga_id < $1::uuid) AND ($2::text IS NULL OR status = $2::text)
       ORDER BY saga_id DESC LIMIT $3::int) AS page ORDER BY page.saga_id DESC`,
    before ?? null,
    status ?? null,
    limit,
  );
  return rows.map(({ log }) => sagaLogFrom(log));
}

export async function findSaga(database: PrismaClient, sagaId: string): Promise<SagaLog | undefined> {
  const rows = await database.$queryRawUnsafe<{ log: unknown }[]>(
    `SELECT ${sagaLogOf('saga.saga_id')} AS log FROM saga WHERE saga_id = $1::uuid`,
    sagaId,
  );
  return rows[0] && sagaLogFrom(rows[0].log);
}

/** What a participant is being asked. */
export interface PendingRemoteStep {
  readonly call: string;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly nextAttemptAt: Date;
}

export async function pendingRemoteStep(
  database: PrismaClient,
  calls: readonly string[],
  sagaId: string,
): Promise<PendingRemoteStep | undefined> {
  const [ask] = await database.$queryRawUnsafe<PendingRemoteStep[]>(
    `SELECT name AS call, attempts, last_error AS "lastError", due_at AS "nextAttemptAt"
     FROM chassis.task WHERE name = ANY($1::text[]) AND key = $2::text LIMIT 1`,
    calls,
    sagaId,
  );
  return ask;
}

const open = gauge({
  name: 'troupe_sagas_open',
  help: 'Orchestrated sagas that have not ended, by status.',
  label: 'status',
});
const OPEN: readonly SagaStatus[] = ['STARTED', 'COMPENSATING', 'COMPENSATION_FAILED'];

interface OpenSagas {
  readonly definition: string;
  readonly version: number;
  readonly status: SagaStatus;
  readonly count: number;
}

/** Counts open sagas, and logs an error for those whose definition this process lacks: nobody goes on with them. */
export function openSagasMonitor<S>(
  database: PrismaClient,
  known: readonly SagaDefinition<S>[],
  log: Log,
): StuckMonitor {
  return {
    name: 'open sagas',
    everyMs: 10_000,
    async look() {
      const rows = await database.$queryRawUnsafe<OpenSagas[]>(
        `SELECT definition, version, status, count(*)::int AS count FROM saga WHERE ended_at IS NULL GROUP BY 1, 2, 3`,
      );
      for (const status of OPEN) {
        open.set(
          status,
          rows.reduce((sum, row) => sum + (row.status === status ? row.count : 0), 0),
        );
      }
      for (const { definition, version, count } of rows) {
        if (known.some((table) => table.name === definition && table.version === version)) continue;
        log.error({ definition, version, count }, UNKNOWN_TABLE);
      }
    },
  };
}

const UNKNOWN_TABLE =
  'sagas wait whose table this process does not have; nothing goes on with them: start a version that has it, or add it to sagas(current, ...older)';
