import type { Repository } from '@troupe/chassis';
import type { MemoryTx } from './transaction.ts';
import { asKey, asUuid } from './uuid-column.ts';

/** Rows as they are. The id in `field` is a column of the type uuid: it has one spelling. */
export function rowsWithId(field: string): Repository<unknown, MemoryTx> {
  const stored = (row: unknown): unknown => {
    const id = (row as Readonly<Record<string, string | undefined>>)[field];
    return id === undefined || asUuid(id) === id ? row : { ...(row as object), [field]: asUuid(id) };
  };
  return {
    async load(tx, keys) {
      await tx.statement();
      const { rows: all } = tx.server.tables;
      return new Map(
        keys.map(asKey).flatMap((key): [string, unknown][] => (all.has(key) ? [[key, all.get(key)]] : [])),
      );
    },
    async save(tx, changed) {
      await tx.statement();
      tx.write(() => {
        for (const [key, row] of changed) tx.server.tables.rows.set(asKey(key), stored(row));
      });
    },
  };
}
