import { type Repository, Retryable } from '@troupe/chassis';
import { type Order, type Recorded, replay } from '@troupe/order';
import { rowsWithId } from '../database/rows.ts';
import type { MemoryTx } from '../database/transaction.ts';
import { asKey } from '../database/uuid-column.ts';

export const rows = rowsWithId('orderId');

/** Orders as streams of events: `load` folds a stream, `save` appends to it, as in PostgreSQL. */
export const orderStreams: Repository<Order, MemoryTx> = {
  async load(tx, keys) {
    await tx.statement();
    return new Map(
      keys.map(asKey).flatMap((key): [string, Order][] => {
        const order = replay(streamOf(tx, key));
        const saga = tx.server.tables.rows.get(`saga/${key}`) as Order['saga'];
        return order === undefined ? [] : [[key, saga === undefined ? order : { ...order, saga }]];
      }),
    );
  },
  async save(tx, changed) {
    await tx.statement();
    for (const [written, { version, pending, saga, sagaChanged }] of changed) {
      const key = asKey(written);
      if (saga !== undefined && sagaChanged) tx.write(() => tx.server.tables.rows.set(`saga/${key}`, saga));
      const stream = streamOf(tx, key);
      if (stream.length + pending.length !== version) {
        throw new Retryable('ORDER_OVERTAKEN', 'Another writer has appended to the same order; it is read again.');
      }
      tx.write(() => tx.server.tables.rows.set(key, [...stream, ...pending]));
    }
  },
};

const streamOf = (tx: MemoryTx, key: string): readonly Recorded[] =>
  (tx.server.tables.rows.get(key) ?? []) as readonly Recorded[];
