import type { Stack } from '@troupe/embedded';
import type { Reading } from './book.ts';
import { Databases } from './databases.ts';
import { processReadings } from './process-readings.ts';
import { serviceReadings } from './service-readings.ts';
import { Topics } from './topics.ts';

/** Everything that is looked at of a stack. */
export class Sources {
  readonly #stack: Stack;
  readonly #databases: Databases;
  readonly #topics: Topics;

  private constructor(stack: Stack, databases: Databases, topics: Topics) {
    this.#stack = stack;
    this.#databases = databases;
    this.#topics = topics;
  }

  static async open(stack: Stack): Promise<Sources> {
    return new Sources(stack, await Databases.open(stack.addresses), await Topics.open(stack.addresses));
  }

  async read(): Promise<readonly Reading[]> {
    const { addresses, settings } = this.#stack;
    const [ofServices, ofDatabases, ofTopics] = await Promise.all([
      serviceReadings(addresses),
      this.#databases.read(),
      this.#topics.read(),
    ]);
    return [...processReadings(settings.dataDir), ...ofServices, ...ofTopics, ...ofDatabases];
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#databases.close(), this.#topics.close()]);
  }
}
