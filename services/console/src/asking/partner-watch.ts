import type { Reached } from '../saga/input.ts';
import { ask } from './json-page.ts';
import { Reaching } from './reaching.ts';
import type { AskedPartner } from './services.ts';

const PATIENCE_MS = 1_500;

/** Whether somebody outside answers at all: what the answer is does not matter, and nothing there is changed. */
export class PartnerWatch {
  readonly name: string;
  readonly of: string;
  readonly #url: string;
  readonly #reaching = new Reaching();

  constructor({ name, of, url }: AskedPartner) {
    this.name = name;
    this.of = of;
    this.#url = url;
  }

  get reached(): Reached {
    return this.#reaching.reached;
  }

  async look(): Promise<void> {
    await this.#reaching.attempt(2 * PATIENCE_MS, async () => {
      const heard = await ask(`${this.#url}/`, { withinMs: PATIENCE_MS });
      if (heard.kind === 'no answer') throw new Error(heard.reason);
      if (heard.status >= 500) throw new Error(`it answers ${heard.status}`);
    });
  }
}
