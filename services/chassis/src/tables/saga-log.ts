import { type Sql, together } from '../rules/database.ts';
import type { SagaLog, StepLog } from '../rules/saga/log.ts';

/** SQL: a log as one JSON value, so that a query that loads the rows of its subject loads it too. */
export const sagaLogOf = (id: string): string => `(
  SELECT json_build_object(
    'id', s.saga_id, 'definition', s.definition, 'version', s.version, 'status', s.status, 'context', s.context,
    'cause', s.cause, 'rounds', s.rounds, 'startedAt', s.started_at, 'endedAt', s.ended_at,
    'steps', (SELECT json_agg(json_build_object(
      'name', t.name, 'status', t.status, 'attempts', t.attempts, 'startedAt', t.started_at, 'endedAt', t.ended_at,
      'detail', t.detail, 'compensation', CASE WHEN t.compensation IS NOT NULL THEN json_build_object(
        'status', t.compensation, 'attempts', t.compensation_attempts, 'startedAt', t.compensation_started_at,
        'endedAt', t.compensation_ended_at, 'detail', t.compensation_detail) END) ORDER BY t.position)
      FROM saga_step t WHERE t.saga_id = s.saga_id))
  FROM saga s WHERE s.saga_id = ${id})`;

/** A log as `sagaLogOf` gives it: moments are text, and what is not there is null. */
export function sagaLogFrom(stored: unknown): SagaLog {
  const revive = (name: string, value: unknown): unknown => {
    if (value === null) return undefined;
    return (name === 'startedAt' || name === 'endedAt') && typeof value === 'string' ? new Date(value) : value;
  };
  // The context is the domain's own: it may hold these names, and nulls.
  const { context, ...log } = stored as SagaLog;
  return { ...(JSON.parse(JSON.stringify(log), revive) as SagaLog), context };
}

/** Writes logs, whole. Two statements, whatever their number. */
export async function saveSagaLogs(tx: Sql, logs: readonly SagaLog[]): Promise<void> {
  const steps = logs.flatMap((log) => log.steps.map((step, position) => ({ ...step, sagaId: log.id, position })));
  await together(tx, [() => saveSagas(tx, logs), () => saveSteps(tx, steps)]);
}

async function saveSagas(tx: Sql, logs: readonly SagaLog[]): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO saga (saga_id, definition, version, status, context, cause, rounds, started_at, ended_at, updated_at)
     SELECT saga_id, definition, version, status, context::json, cause::jsonb, rounds, started_at, ended_at, now()
     FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::int[], $8::timestamptz[],
                 $9::timestamptz[])
       AS s(saga_id, definition, version, status, context, cause, rounds, started_at, ended_at)
     ON CONFLICT (saga_id) DO UPDATE SET
       status = excluded.status, context = excluded.context, cause = excluded.cause, rounds = excluded.rounds,
       ended_at = excluded.ended_at, updated_at = now()`,
    logs.map(({ id }) => id),
    logs.map(({ definition }) => definition),
    logs.map(({ version }) => version),
    logs.map(({ status }) => status),
    logs.map(({ context }) => JSON.stringify(context)),
    logs.map(({ cause }) => (cause === undefined ? null : JSON.stringify(cause))),
    logs.map(({ rounds }) => rounds),
    logs.map(({ startedAt }) => startedAt.toISOString()),
    logs.map(({ endedAt }) => endedAt?.toISOString() ?? null),
  );
}

async function saveSteps(
  tx: Sql,
  steps: readonly (StepLog & { readonly sagaId: string; readonly position: number })[],
): Promise<void> {
  const compensations = steps.map(({ compensation }) => compensation);
  await tx.$executeRawUnsafe(
    `INSERT INTO saga_step (saga_id, position, name, status, attempts, started_at, ended_at, detail, compensation,
       compensation_attempts, compensation_started_at, compensation_ended_at, compensation_detail)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[],
       $8::text[], $9::text[], $10::int[], $11::timestamptz[], $12::timestamptz[], $13::text[])
     ON CONFLICT (saga_id, position) DO UPDATE SET
       status = excluded.status, attempts = excluded.attempts, started_at = excluded.started_at,
       ended_at = excluded.ended_at, detail = excluded.detail, compensation = excluded.compensation,
       compensation_attempts = excluded.compensation_attempts,
       compensation_started_at = excluded.compensation_started_at,
       compensation_ended_at = excluded.compensation_ended_at, compensation_detail = excluded.compensation_detail
     WHERE (saga_step.status, saga_step.attempts, saga_step.detail, saga_step.compensation,
            saga_step.compensation_attempts, saga_step.compensation_detail)
       IS DISTINCT FROM (excluded.status, excluded.attempts, excluded.detail, excluded.compensation,
                         excluded.compensation_attempts, excluded.compensation_detail)`,
    steps.map(({ sagaId }) => sagaId),
    steps.map(({ position }) => position),
    steps.map(({ name }) => name),
    steps.map(({ status }) => status),
    steps.map(({ attempts }) => attempts),
    steps.map(({ startedAt }) => startedAt?.toISOString() ?? null),
    steps.map(({ endedAt }) => endedAt?.toISOString() ?? null),
    steps.map(({ detail }) => detail ?? null),
    compensations.map((of) => of?.status ?? null),
    compensations.map((of) => of?.attempts ?? null),
    compensations.map((of) => of?.startedAt.toISOString() ?? null),
    compensations.map((of) => of?.endedAt?.toISOString() ?? null),
    compensations.map((of) => of?.detail ?? null),
  );
}
