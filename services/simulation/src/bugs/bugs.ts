import type { Sql } from '@troupe/chassis';
import type { Store } from '@troupe/chassis/internal';
import { memoryStore } from '../machine/database/store.ts';
import type { Connection, MemoryTx } from '../machine/database/transaction.ts';
import type { PlantedInProcesses } from '../machine/process/planted.ts';
import type { AnyTable } from '../machine/service.ts';
import { deaf, ruled, TIMER_BUGS } from './timer-bugs.ts';

/** What a test plants into a run, to see that it is found. */
export interface Planted extends PlantedInProcesses {
  /** What is made of an answer that refuses for good. */
  readonly refusals?: 'no answer';
}

/** Every message is new. */
const noInbox: Store = {
  ...memoryStore,
  async receive(tx, events) {
    const { hasLetters } = await memoryStore.receive(tx, events);
    return { fresh: new Set(events.map(({ id }) => id)), imposters: new Set(), hasLetters };
  },
};

/** Whether a message is new is looked up when the transaction begins, and not when its row is inserted. */
function checkThenInsert(): Store {
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

/** What failed is kept for later, and what comes behind it goes on. */
const noParking: Store = {
  ...memoryStore,
  receive: async (tx, events) => ({ ...(await memoryStore.receive(tx, events)), hasLetters: false }),
};

/** A dead letter that is handled again is not looked up in the inbox. */
const replayRoundInbox: Store = {
  ...memoryStore,
  async receive(tx, events) {
    const received = await memoryStore.receive(tx, events);
    const again = events.filter(({ letter }) => letter !== undefined).map(({ id }) => id);
    return { ...received, fresh: new Set([...received.fresh, ...again]) };
  },
};

/** A call that nobody answered is not asked again. */
const noSecondTry: Store = {
  ...memoryStore,
  async release(sql, { name, key }) {
    (sql as Connection).server.tables.tasks.delete(`${name} ${key}`);
  },
};

/** What a process took belongs to it for ever, also when it has died. */
const leaseForEver: Store = {
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

const hears = (name: string) => (message: string) => message === name;

/** A service one of whose messages begins a saga with an event like any other: what follows from people names no event. */
const rootless =
  (service: string, hears: string) =>
  (table: AnyTable): AnyTable => {
    const sound = table.find(hears);
    if (table.service !== service || sound === undefined) return table;
    const { begins: _, ...row } = sound;
    return { ...table, find: (name) => (name === hears ? row : table.find(name)) };
  };

/**
 * The nine of RELIABILITY.md, and what can be wrong with time. Each must be found within a thousand seeds, or a run that finds
 * nothing means nothing.
 */
export const PLANTED: Readonly<Record<string, () => Planted>> = {
  'no inbox': () => ({ store: noInbox }),
  'check-then-insert dedupe': () => ({ store: checkThenInsert() }),
  'offset before commit': () => ({ offsetBeforeCommit: true }),
  'acknowledge before publish': () => ({ relay: 'acknowledge before publish' }),
  'no tombstone': () => ({
    table: ruled('inventory', hears('OrderCancelled'), (sound) => (data, state, context) => {
      const known = (state as { readonly reservation?: unknown }).reservation !== undefined;
      return known ? sound(data, state, context) : deaf();
    }),
  }),
  'no refund': () => ({ table: ruled('payment', hears('InventoryFailed'), () => deaf) }),
  'slot recreated at the end': () => ({ relay: 'slot recreated at the end' }),
  'retry later without parking': () => ({ store: noParking }),
  'replay that goes round the inbox': () => ({ store: replayRoundInbox }),
  'causes that lead nowhere': () => ({ table: rootless('order', 'PlaceOrder') }),
  'a refusal is no answer': () => ({ refusals: 'no answer' }),
  'a call without an answer is not made again': () => ({ store: noSecondTry }),
  'a lease without an end': () => ({ store: leaseForEver }),
  ...TIMER_BUGS,
};
