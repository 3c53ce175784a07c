import type { Environment } from './environment.ts';

/** The pause between two looks. Who wakes it during a look has another one follow at once. */
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
