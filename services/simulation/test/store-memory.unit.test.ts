import { DatabaseServer } from '../src/database/server.ts';
import { memoryStore } from '../src/database/store.ts';
import { Connection } from '../src/database/transaction.ts';
import { Faults } from '../src/world/faults.ts';
import { Incarnation } from '../src/world/incarnation.ts';
import { World } from '../src/world/world.ts';
import { type StoreUnderTest, storeContract } from './store-contract.ts';

storeContract(async (): Promise<StoreUnderTest> => {
  const faults = new Faults(1);
  faults.end();
  const world = new World(1, faults);
  const server = new DatabaseServer('payment', world);
  const settle = () => world.run();
  return {
    store: memoryStore,
    one: new Connection(new Incarnation('one'), server),
    other: new Connection(new Incarnation('other'), server),
    outbox: async () => server.log.flatMap(({ events }) => events.map(({ id }) => id)),
    settle,
    async until(promise) {
      await settle();
      return promise;
    },
    close: async () => undefined,
  };
});
