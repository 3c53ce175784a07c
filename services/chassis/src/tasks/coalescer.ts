import type { Environment } from '../process/environment.ts';

/** Answers go on when they are this share of the calls under way, those that have answered included. */
const SHARE = 1 / 4;
/** No answer waits longer: some of the calls under way may hang. */
const MOST_MS = 50;

/**
 * Lets the answers of calls share a transaction. The first one waits until a quarter of the calls has answered, at most 50 ms.
 * With up to four calls under way nothing waits.
 *
 * Without it each answer has a transaction of its own, and so has each event that follows, in every service that hears it.
 */
export class Coalescer {
  readonly #after: Environment['after'];
  /** Calls without an answer, and answers that wait. */
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #forget: () => void = () => undefined;

  constructor({ after }: Pick<Environment, 'after'>) {
    this.#after = after;
  }

  /** Resolves with the answer of the call, at the same moment as others. A call that rejects does so at once. */
  async gather<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#underWay += 1;
    try {
      const answer = await call();
      await this.#others();
      return answer;
    } finally {
      this.#underWay -= 1;
      this.#look();
    }
  }

  #others(): Promise<void> {
    return new Promise((goOn) => {
      this.#waiting.push(goOn);
      if (this.#waiting.length === 1) this.#forget = this.#after(MOST_MS, () => this.#letGo());
      this.#look();
    });
  }

  #look(): void {
    if (this.#waiting.length > 0 && this.#waiting.length >= SHARE * this.#underWay) this.#letGo();
  }

  #letGo(): void {
    this.#forget();
    for (const goOn of this.#waiting.splice(0)) goOn();
  }
}
