import type { Environment } from './environment.ts';

/**
 * The pause between two looks, which whoever knows of something new may cut short. Waking during a look has the pause behind
 * it left out: what came too late for that look is seen by the next one, at once.
 */
export class WakeablePause {
  readonly #after: Environment['after'];
  #wakened = false;
  #end: () => void = () => undefined;

  constructor({ after }: Pick<Environment, 'after'>) {
    this.#after = after;
  }

  /** A look begins: who wakes from now on wants another one. */
  lookBegins(): void {
    this.#wakened = false;
  }

  wake(): void {
    this.#wakened = true;
    this.#end();
  }

  /** At most so long; not at all when it was wakened since the look began. */
  async wait(ms: number): Promise<void> {
    if (this.#wakened) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#after(ms, resolve);
      this.#end = () => {
        cancel();
        resolve();
      };
    });
  }
}
