import type { Sql } from '@troupe/chassis';
import type { Store } from '@troupe/chassis/internal';
import { memoryStore } from '../database/store.ts';
import type { Connection, MemoryTx } from '../database/transaction.ts';

/** Takes every message for a new one. */
export const noInbox: Store = {
  ...memoryStore,
  async receive(tx, events) {
    const { hasDeadLetters } = await memoryStore.receive(tx, events);
    return { fresh: new Set(events.map(({ id }) => id)), imposters: new Set(), hasDeadLetters };
  },
};

/** Looks up whether a message is new when the transaction begins, and not when its row is inserted. */
export function checkThenInsert(): Store {
  const found = new WeakMap<Sql, ReadonlySet<string>>();
  return {
    ...memoryStore,
    async lockKeys(tx, keys) {
      found.set(tx, new Set((tx as MemoryTx).server.tables.inbox.keys()));
      await memoryStore.lockKeys(tx, keys);
    },
    async receive(tx, events) {
      const received = await memoryStore.receive(tx, events);
      const fresh = events.map(({ id }) => id).filter((id) => !found.get(tx)?.has(id));
      return { ...received, fresh: new Set(fresh) };
    },
  };
}

/** Keeps a dead letter for later, and handles the following messages of its key. */
export const noParking: Store = {
  ...memoryStore,
  receive: async (tx, events) => ({ ...(await memoryStore.receive(tx, events)), hasDeadLetters: false }),
};

/** Handles a replayed dead letter without looking it up in the inbox. */
export const replayWithoutInbox: Store = {
  ...memoryStore,
  async receive(tx, events) {
    const received = await memoryStore.receive(tx, events);
    const again = events.filter(({ deadLetter }) => deadLetter !== undefined).map(({ id }) => id);
    return { ...received, fresh: new Set([...received.fresh, ...again]) };
  },
};

/** Does not repeat a call that had no answer. */
export const noSecondTry: Store = {
  ...memoryStore,
  async release(sql, { name, key }) {
    (sql as Connection).server.tables.tasks.delete(`${name} ${key}`);
  },
};

/** Forgets how deep in the tree of causes lies what set a call or a timer. */
export const shallowTasks: Store = {
  ...memoryStore,
  schedule: (tx, tasks) =>
    memoryStore.schedule(
      tx,
      tasks.map((task) => ({ ...task, depth: 1 })),
    ),
};

/** Leases a task for ever, also to a process that has died. */
export const endlessLease: Store = {
  ...memoryStore,
  async claim(sql, limit, except) {
    const claimed = await memoryStore.claim(sql, limit, except);
    const { tasks } = (sql as Connection).server.tables;
    for (const { name, key } of claimed) {
      const task = tasks.get(`${name} ${key}`);
      if (task !== undefined) tasks.set(`${name} ${key}`, { ...task, leasedUntil: Number.POSITIVE_INFINITY });
    }
    return claimed;
  },
};
