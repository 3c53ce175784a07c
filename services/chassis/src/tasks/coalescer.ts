import type { Environment } from '../process/environment.ts';

/** An answer waits for so large a part of the calls under way: for about so large a part of the time that it took itself. */
const PART = 1 / 4;
/** Calls that hang are under way as well: no answer waits longer for their sake. */
const MOST_MS = 50;

/**
 * Answers of calls come one by one, and each would have a transaction to itself, with all that it sets going in those who read its
 * events. So they wait for one another, the longer the more calls are under way; of up to four calls none waits.
 */
export class Coalescer {
  readonly #after: Environment['after'];
  /** Calls, and answers that wait. */
  #underWay = 0;
  #waiting: (() => void)[] = [];
  #forget: () => void = () => undefined;

  constructor({ after }: Pick<Environment, 'after'>) {
    this.#after = after;
  }

  /** The answer of the call, together with others. Rejects at once when the call does. */
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
    if (this.#waiting.length > 0 && this.#waiting.length >= PART * this.#underWay) this.#letGo();
  }

  #letGo(): void {
    this.#forget();
    for (const goOn of this.#waiting.splice(0)) goOn();
  }
}
