import { DatabaseServer } from '../src/machine/database/server.ts';
import { memoryStore } from '../src/machine/database/store.ts';
import { Connection } from '../src/machine/database/transaction.ts';
import { Faults } from '../src/machine/faults.ts';
import { Life, World } from '../src/machine/world.ts';
import { type Bench, storeContract } from './store-contract.ts';

storeContract(async (): Promise<Bench> => {
  const faults = new Faults(1);
  faults.end();
  const world = new World(1, faults);
  const server = new DatabaseServer('payment', world);
  const calm = () => world.run();
  return {
    store: memoryStore,
    one: new Connection(new Life('one'), server),
    other: new Connection(new Life('other'), server),
    outbox: async () => server.log.flatMap(({ events }) => events.map(({ id }) => id)),
    calm,
    async until(promise) {
      await calm();
      return promise;
    },
    close: async () => undefined,
  };
});
