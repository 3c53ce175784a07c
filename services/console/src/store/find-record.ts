import type { Sql } from '@troupe/chassis';

/** The saga of an event, by the event's id. */
export async function sagaOfEvent(sql: Sql, eventId: string): Promise<string | undefined> {
  const [found] = await sql.$queryRawUnsafe<{ saga_id: string }[]>(
    'SELECT saga_id FROM record WHERE event_id = $1::uuid AND saga_id IS NOT NULL LIMIT 1',
    eventId,
  );
  return found?.saga_id;
}
