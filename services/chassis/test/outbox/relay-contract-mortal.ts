import type { Publisher } from '../../src/kafka/producer.ts';
import type { RelayUnderContract } from './relay-contract.ts';

interface Running {
  stop(boundMs?: number): Promise<void>;
}

/**
 * A relay of this process that can be killed. From one moment to the next nothing that it sends leaves, and no answer of
 * the broker reaches it, so that what was on its way is on the topic and not known to be.
 */
export function mortal(publisher: Publisher, start: (publisher: Publisher) => Running): RelayUnderContract {
  let running: Running | undefined;
  let alive = { is: true };

  return {
    async start() {
      const life = { is: true };
      alive = life;
      running = start({
        async publish(records) {
          if (life.is) await publisher.publish(records);
          if (!life.is) await new Promise(() => undefined);
        },
        close: async () => undefined,
      });
    },
    async stop() {
      await running?.stop();
    },
    async kill() {
      alive.is = false;
      await running?.stop(0);
    },
    async close() {
      alive.is = false;
      await running?.stop(0);
      await publisher.close();
    },
  };
}
