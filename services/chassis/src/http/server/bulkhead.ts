import { Retryable } from '../../rules/failure.ts';
import { counter, level } from '../../telemetry/metrics.ts';

const held = level({
  name: 'troupe_requests_held',
  help: 'Requests that are being handled or wait for it, by kind.',
  labels: ['kind'],
});
const limit = level({
  name: 'troupe_requests_limit',
  help: 'Above so many held requests of a kind, further ones are sent away.',
  labels: ['kind'],
});
const sentAway = counter({
  name: 'troupe_requests_sent_away_total',
  help: 'Requests that found no place and were answered 503, by kind.',
  labels: ['kind'],
});

/** There is no place for a request: nothing of it was done. */
export class Overloaded extends Retryable {
  /** Whole seconds, drawn from a few, so that those who were sent away at one moment do not all come back at another. */
  readonly retryAfterS = 1 + Math.floor(Math.random() * 5);

  constructor(kind: string, atOnce: number) {
    super('OVERLOADED', `All ${atOnce} places for ${kind} are taken: something behind this service is slow, or away.`);
  }
}

/** A bound on the requests of one kind. Whoever finds no place is told before a byte of the body is read. */
export class Bulkhead {
  readonly #kind: string;
  readonly #atOnce: number;
  readonly #held;
  #taken = 0;

  /** @param kind `commands`: the label of the metrics, and a word for people. */
  constructor(kind: string, atOnce: number) {
    this.#kind = kind;
    this.#atOnce = atOnce;
    this.#held = held.labels({ kind });
    limit.set({ kind }, atOnce);
    sentAway.inc({ kind }, 0);
  }

  /** Holds the place until the work has ended, whoever waits. @throws Overloaded when no place is free. */
  async hold<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#taken >= this.#atOnce) {
      sentAway.inc({ kind: this.#kind });
      throw new Overloaded(this.#kind, this.#atOnce);
    }
    this.#taken += 1;
    this.#held.inc();
    try {
      return await work();
    } finally {
      this.#taken -= 1;
      this.#held.dec();
    }
  }
}
