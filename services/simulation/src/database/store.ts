import type { Sql } from '@troupe/chassis';
import type { KafkaRecord } from '@troupe/chassis/internal';
import {
  claimName,
  keyHash,
  LEASE_MS,
  type Received,
  type Store,
  type StoredDeadLetter,
  type TaskRow,
} from '@troupe/chassis/internal';
import { type DeadLetterRow, isOpen, releasable, type StoredTask } from './tables.ts';
import { type Connection, MemoryTx } from './transaction.ts';
import { asUuid } from './uuid-column.ts';

/** The inbox, outbox, tasks, dead letters and answers of the chassis, in memory, with the guarantees of `sqlStore`. */
export const memoryStore: Store = {
  async lockKeys(sql, keys) {
    const tx = await transactionOf(sql);
    for (const key of [...new Set(keys)].sort()) await tx.lock(`key ${key}`);
  },

  async receive(sql, events): Promise<Received> {
    const tx = await transactionOf(sql);
    const { inbox, deadLetters } = tx.server.tables;
    const fresh = new Set<string>();
    const imposters = new Set<string>();
    for (const { id: written, payloadHash } of events) {
      const id = asUuid(written);
      if (fresh.has(id)) continue;
      // An id that another transaction is inserting waits for that transaction.
      await tx.lock(`inbox ${id}`);
      const seen = inbox.get(id);
      if (seen === undefined) {
        fresh.add(id);
        tx.write(() => inbox.set(id, { payloadHash }));
      } else if (!seen.payloadHash.equals(payloadHash)) imposters.add(id);
    }
    return { fresh, imposters, hasDeadLetters: [...deadLetters.values()].some(isOpen) };
  },

  async recordIgnored(sql, reasons) {
    const tx = await transactionOf(sql);
    const { inbox } = tx.server.tables;
    tx.write(() => {
      for (const [written, ignoredBecause] of reasons) {
        const id = asUuid(written);
        const row = inbox.get(id);
        if (row !== undefined) inbox.set(id, { ...row, ignoredBecause });
      }
    });
  },

  async forget(sql, ids) {
    const tx = await transactionOf(sql);
    tx.write(() => {
      for (const id of ids) tx.server.tables.inbox.delete(asUuid(id));
    });
  },

  async append(sql, source, rows) {
    const tx = await transactionOf(sql);
    const kept = rows.map((row) => ({ ...row, source, position: tx.server.nextPosition() }));
    tx.write(() => tx.server.tables.outbox.push(...kept));
  },

  async stillPending(sql, asked) {
    const tx = await transactionOf(sql);
    const found = new Set<string>();
    for (const { name, key, id } of asked) {
      await tx.lock(`task ${name} ${key}`);
      if (tx.server.tables.tasks.get(`${name} ${key}`)?.id === id) found.add(id);
    }
    return found;
  },

  async remove(sql, unavailable) {
    const tx = await transactionOf(sql);
    const { tasks } = tx.server.tables;
    for (const task of unavailable) {
      const name = `${task.name} ${task.key}`;
      await tx.lock(`task ${name}`);
      tx.write(() => {
        if (!('id' in task) || tasks.get(name)?.id === task.id) tasks.delete(name);
      });
    }
  },

  async schedule(sql, added) {
    const tx = await transactionOf(sql);
    const { now } = tx.server.world;
    for (const { delayMs, leased, ...task } of added) {
      const name = `${task.name} ${task.key}`;
      await tx.lock(`task ${name}`);
      // The database stores JSON: what JSON cannot hold is lost.
      const data: unknown = JSON.parse(JSON.stringify(task.data));
      const leasedUntil = leased ? now + LEASE_MS : undefined;
      tx.write(() => tx.server.tables.tasks.set(name, { ...task, data, dueAt: now + delayMs, leasedUntil }));
    }
  },

  async claim(sql, limit, except = []) {
    const { autocommit, server } = connectionOf(sql);
    return autocommit(() => {
      const { now } = server.world;
      const due = [...server.tables.tasks].filter(
        ([name, task]) => isDue(task, now) && server.locks.isFree(`task ${name}`),
      );
      const wanted = due.filter(([, { name }]) => !except.includes(name));
      const first = wanted.sort(([, one], [, other]) => one.dueAt - other.dueAt).slice(0, limit);
      return first.map(([name, task]): TaskRow => {
        const taken = { ...task, attempts: task.attempts + 1, leasedUntil: now + LEASE_MS };
        server.tables.tasks.set(name, taken);
        return taken;
      });
    });
  },

  async release(sql, { id }, { delayMs }) {
    const { autocommit, server } = connectionOf(sql);
    await autocommit(() => {
      for (const [name, task] of server.tables.tasks) {
        if (task.id !== id) continue;
        server.tables.tasks.set(name, { ...task, leasedUntil: undefined, dueAt: server.world.now + delayMs });
      }
    });
  },

  async openDeadLetters(sql, keys) {
    const tx = await transactionOf(sql);
    const wanted = new Set(keys.map(({ topic, keyHash: hash }) => `${topic} ${hash}`));
    const open = [...tx.server.tables.deadLetters.values()].filter(isOpen);
    return open.flatMap(({ record: { topic }, keyHash: hash, position }) =>
      hash !== undefined && wanted.has(`${topic} ${hash}`) ? [{ topic, keyHash: hash, position }] : [],
    );
  },

  async addDeadLetters(sql, added) {
    const tx = await transactionOf(sql);
    const { deadLetters } = tx.server.tables;
    const known = new Set<string>();
    const here = new Set<string>();
    for (const { id, record, failure, reducedBecause } of added) {
      const identity = identityOf(record);
      await tx.lock(`dead letter ${identity}`);
      const isKnown =
        here.has(identity) || [...deadLetters.values()].some((deadLetter) => deadLetter.identity === identity);
      if (isKnown) continue;
      here.add(identity);
      known.add(id);
      const position = tx.server.nextPosition();
      const status = failure === undefined ? 'PARKED' : 'DEAD';
      const kept = reducedBecause === undefined ? record : { ...record, key: null, value: null, headers: {} };
      const more = { identity, keyHash: keyHash(record.key), reducedBecause, status, replays: 0 } as const;
      tx.write(() => deadLetters.set(id, { id, position, record: kept, ...more }));
    }
    return known;
  },

  async settle(sql, settlements) {
    const tx = await transactionOf(sql);
    const { deadLetters } = tx.server.tables;
    tx.write(() => {
      for (const { id, status, replays } of settlements) {
        const deadLetter = deadLetters.get(id);
        if (deadLetter !== undefined && isOpen(deadLetter)) deadLetters.set(id, { ...deadLetter, status, replays });
      }
    });
  },

  async publishDeadLetters(sql, service, dead) {
    const tx = await transactionOf(sql);
    const kept = dead.map((record) => {
      return { ...record, service, id: tx.server.world.newId(), position: tx.server.nextPosition() };
    });
    tx.write(() => tx.server.tables.deadLetterOutbox.push(...kept));
  },

  async findOpen(sql, ids) {
    const { autocommit, server } = connectionOf(sql);
    return autocommit(() =>
      inOrder([...server.tables.deadLetters.values()].filter((one) => ids.includes(one.id) && isOpen(one))),
    );
  },

  async findReleasable(sql, limit) {
    const { autocommit, server } = connectionOf(sql);
    return autocommit(() => inOrder(releasable(server.tables.deadLetters.values())).slice(0, limit));
  },

  async findAnswers(sql, claims) {
    const tx = await transactionOf(sql);
    const names = claims.map(claimName);
    return new Map([...tx.server.tables.answers].filter(([name]) => names.includes(name)));
  },

  async keepAnswers(sql, kept) {
    const tx = await transactionOf(sql);
    tx.write(() => {
      for (const { claim, answer } of kept) {
        tx.server.tables.answers.set(claimName(claim), { requestHash: claim.requestHash, answer });
      }
    });
  },

  async recordActs(sql, acts) {
    const tx = await transactionOf(sql);
    tx.write(() => tx.server.tables.acts.push(...acts));
  },
};

/** The transaction, at the beginning of a statement. */
async function transactionOf(sql: Sql): Promise<MemoryTx> {
  if (!(sql instanceof MemoryTx)) throw new TypeError('A store in memory works on transactions in memory.');
  await sql.statement();
  return sql;
}

function connectionOf(sql: Sql) {
  const connection = sql as Connection;
  return { server: connection.server, autocommit: <T>(statement: () => T) => connection.autocommit(statement) };
}

const isDue = ({ dueAt, leasedUntil }: StoredTask, now: number): boolean =>
  dueAt <= now && (leasedUntil === undefined || leasedUntil < now);

/** What tells two records apart, also those of a topic that was made again, whose offsets begin anew. */
const identityOf = ({ topic, partition, offset, timestampMs, key, value }: KafkaRecord): string =>
  [topic, partition, offset, timestampMs, keyHash(key), keyHash(value)].join('/');

function inOrder(deadLetters: readonly DeadLetterRow[]): readonly StoredDeadLetter[] {
  const sorted = [...deadLetters].sort((one, other) => one.position - other.position);
  return sorted.map(({ id, position, status, replays, record, keyHash: hash, reducedBecause: because }) => {
    const reduced = because !== undefined && { reduced: { because, keyHash: hash } };
    return {
      deadLetter: { id, position, status: status as StoredDeadLetter['deadLetter']['status'], replays, ...reduced },
      record,
    };
  });
}
