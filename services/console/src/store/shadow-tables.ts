import type { Sql } from '@troupe/chassis';

/** Where a projection is made anew, beside the one that is shown. */
export const SHADOW = 'rebuild';
/** What is made of the topics alone. */
export const PROJECTED = ['record', 'saga'] as const;

/** Empty tables of the same form and with the same names, in a schema of their own. What a killed rebuild has left is dropped. */
export async function makeShadow(sql: Sql): Promise<void> {
  await sql.$executeRawUnsafe(`DROP SCHEMA IF EXISTS ${SHADOW} CASCADE`);
  await sql.$executeRawUnsafe(`CREATE SCHEMA ${SHADOW}`);
  for (const table of PROJECTED) {
    await sql.$executeRawUnsafe(
      `CREATE TABLE ${SHADOW}.${table} (LIKE public.${table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)`,
    );
    for (const statement of await formOf(sql, table)) await sql.$executeRawUnsafe(statement);
  }
}

/** What LIKE does not copy under its name: keys, indexes, settings of the table. */
async function formOf(sql: Sql, table: string): Promise<readonly string[]> {
  const rows = await sql.$queryRawUnsafe<{ statement: string }[]>(
    `SELECT format('ALTER TABLE ${SHADOW}.%I ADD CONSTRAINT %I %s', $1::text, conname, pg_get_constraintdef(oid)) AS statement
       FROM pg_constraint WHERE conrelid = format('public.%I', $1::text)::regclass AND contype IN ('p', 'u')
     UNION ALL
     SELECT replace(pg_get_indexdef(indexrelid), format(' ON public.%I ', $1::text), format(' ON ${SHADOW}.%I ', $1::text))
       FROM pg_index WHERE indrelid = format('public.%I', $1::text)::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
     UNION ALL
     SELECT format('ALTER TABLE ${SHADOW}.%I SET (%s)', $1::text, array_to_string(reloptions, ', '))
       FROM pg_class WHERE oid = format('public.%I', $1::text)::regclass AND reloptions IS NOT NULL`,
    table,
  );
  return rows.map(({ statement }) => statement);
}

/** Makes every name of a transaction's statements mean the tables of the rebuild. */
export async function inShadow(tx: Sql): Promise<void> {
  await tx.$executeRawUnsafe(`SET LOCAL search_path = ${SHADOW}, public`);
}

/** Where a rebuild has come to: the next record of each partition. */
export interface Reached {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly next: string;
}

/**
 * Holds everybody else off the tables until the transaction ends, and takes over what they have read beyond the rebuild.
 * Returns the sagas that this concerns. In the rebuild's own transaction, whose names mean its tables.
 */
export async function takeOver(tx: Sql, reached: readonly Reached[]): Promise<readonly string[]> {
  await tx.$executeRawUnsafe("SET LOCAL lock_timeout = '5s'");
  await tx.$executeRawUnsafe('LOCK TABLE public.record, public.saga IN ACCESS EXCLUSIVE MODE');
  const rows = await tx.$queryRawUnsafe<{ saga_id: string | null }[]>(
    `INSERT INTO ${SHADOW}.record
     SELECT live.* FROM unnest($1::text[], $2::int[], $3::bigint[]) AS reached (topic, partition, next)
     JOIN public.record AS live
       ON live.topic = reached.topic AND live.partition = reached.partition AND live."offset" >= reached.next
     ON CONFLICT (topic, partition, "offset") DO NOTHING RETURNING saga_id`,
    reached.map(({ topic }) => topic),
    reached.map(({ partition }) => partition),
    reached.map(({ next }) => next),
  );
  return [...new Set(rows.flatMap(({ saga_id }) => saga_id ?? []))];
}

/** Puts the tables of the rebuild in the place of the ones that were shown. */
export async function swapIn(tx: Sql): Promise<void> {
  for (const table of PROJECTED) {
    await tx.$executeRawUnsafe(`DROP TABLE public.${table}`);
    await tx.$executeRawUnsafe(`ALTER TABLE ${SHADOW}.${table} SET SCHEMA public`);
  }
  await tx.$executeRawUnsafe(`DROP SCHEMA ${SHADOW}`);
}

export async function dropShadow(sql: Sql): Promise<void> {
  await sql.$executeRawUnsafe(`DROP SCHEMA IF EXISTS ${SHADOW} CASCADE`);
}
