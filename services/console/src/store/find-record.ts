import type { Sql } from '@troupe/chassis';

/** The saga of an event, by the event's id. */
export async function sagaOfEvent(sql: Sql, eventId: string): Promise<string | undefined> {
  const [found] = await sql.$queryRawUnsafe<{ saga_id: string }[]>(
    'SELECT saga_id FROM record WHERE event_id = $1::uuid AND saga_id IS NOT NULL LIMIT 1',
    eventId,
  );
  return found?.saga_id;
}

/** The saga of a trace. */
export async function sagaOfTrace(sql: Sql, traceId: string): Promise<string | undefined> {
  const [found] = await sql.$queryRawUnsafe<{ saga_id: string }[]>(
    'SELECT saga_id FROM record WHERE trace_id = $1 AND saga_id IS NOT NULL LIMIT 1',
    traceId,
  );
  return found?.saga_id;
}

export async function hasSaga(sql: Sql, orderId: string): Promise<boolean> {
  const found = await sql.$queryRawUnsafe<unknown[]>('SELECT 1 FROM record WHERE saga_id = $1::uuid LIMIT 1', orderId);
  return found.length > 0;
}
