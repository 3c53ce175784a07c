import { uuidv7 } from './ids.ts';

/** What a process takes from outside. The simulation brings its own, so that a run can be repeated. */
export interface Environment {
  now(): Date;
  /** Milliseconds on a clock that never goes back. */
  uptimeMs(): number;
  /** At least 0, below 1. */
  random(): number;
  newId(): string;
  /** Does the work later, unless the result is called first. */
  after(ms: number, work: () => void): () => void;
  /** Resolves when all that has arrived in this turn of the event loop is taken in. */
  turn(): Promise<void>;
}

export const realEnvironment: Environment = {
  now: () => new Date(),
  uptimeMs: () => performance.now(),
  random: Math.random,
  newId: uuidv7,
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  turn: () => new Promise((resolve) => void setImmediate(resolve)),
};

export const pause = ({ after }: Pick<Environment, 'after'>, ms: number): Promise<void> =>
  new Promise((resolve) => void after(ms, resolve));
