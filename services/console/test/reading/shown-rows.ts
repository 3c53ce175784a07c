import { query } from '@troupe/chassis/testing';

/** Every row of what is made of the topics, as text. */
export async function shownRows(databaseUrl: string): Promise<readonly string[]> {
  const rows = await query<{ row: string }>(
    databaseUrl,
    `SELECT 'record ' || to_jsonb(record)::text AS row FROM record UNION ALL
     SELECT 'saga ' || to_jsonb(saga)::text FROM saga ORDER BY 1`,
  );
  return rows.map(({ row }) => row);
}
