import type { Readiness } from '../process/readiness.ts';
import type { Log } from '../telemetry/log.ts';

interface Trouble {
  readonly reason: string;
  readonly since: number;
}

/** Whether Kafka works for its users in this process. A trouble is logged when it begins, changes and ends. */
export class BrokerHealth {
  readonly #troubles = new Map<string, Trouble>();
  readonly #brokers: string;
  readonly #readiness: Readiness;
  readonly #log: Log;

  constructor(brokers: readonly string[], readiness: Readiness, log: Log) {
    this.#brokers = brokers.join(', ');
    this.#readiness = readiness;
    this.#log = log;
  }

  /** @param user who is waiting: `the consumer group flights`. */
  failing(user: string, error: unknown): void {
    const reason = this.#sentence(user, error);
    const known = this.#troubles.get(user);
    if (known?.reason !== reason) this.#log.warn({ err: rootCause(error) }, reason);
    this.#troubles.set(user, { reason, since: known?.since ?? Date.now() });
    this.#report();
  }

  working(user: string): void {
    const trouble = this.#troubles.get(user);
    if (trouble === undefined) return;
    this.#troubles.delete(user);
    this.#log.info({ troubleMs: Date.now() - trouble.since }, `Kafka works again for ${user}.`);
    this.#report();
  }

  /** This user is gone, whether it worked or not. */
  forget(user: string): void {
    if (this.#troubles.delete(user)) this.#report();
  }

  #report(): void {
    const reasons = [...this.#troubles.values()].map(({ reason }) => reason);
    if (reasons.length === 0) this.#readiness.ok('kafka');
    else this.#readiness.notOk('kafka', reasons.join(' '));
  }

  #sentence(user: string, error: unknown): string {
    const cause = rootCause(error);
    const wait = `${user} waits and tries again by itself`;
    switch (protocolType(cause)) {
      case 'UNKNOWN_TOPIC_OR_PARTITION':
        return `Kafka at ${this.#brokers} lacks a topic; ${wait}. Create the project's topics (npm start does).`;
      default:
        return `Kafka at ${this.#brokers} does not work (${cause.message}); ${wait}. Is the broker running?`;
    }
  }
}

/** After this long without an answer it is told, though the answer is still waited for. */
const SILENCE_MS = 5_000;

/** Calls `tell` when the returned function has not been called before a broker counts as silent. */
export function whenSilent(tell: (error: Error) => void): () => void {
  const timer = setTimeout(() => tell(new Error(`no answer for ${SILENCE_MS / 1000} s`)), SILENCE_MS).unref();
  return () => clearTimeout(timer);
}

/** The innermost error: kafkajs wraps what happened into what it gave up on. */
export function rootCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause instanceof Error ? rootCause(error.cause) : error;
}

/** The broker's name of an error, such as UNKNOWN_TOPIC_OR_PARTITION; undefined when it came from elsewhere. */
export function protocolType(error: Error): string | undefined {
  return 'type' in error && typeof error.type === 'string' ? error.type : undefined;
}
