import type { Reached } from '../saga/input.ts';
import { ask } from './json-page.ts';
import { Reaching } from './reaching.ts';

export interface SchemaVersion {
  readonly id: number;
  readonly version: number;
}

const PATIENCE_MS = 2_000;
/** Versions change with a deployment. */
const VERSIONS_EVERY_MS = 60_000;

/** Whether the registry answers, and which versions of which schemas it has. */
export class RegistryWatch {
  readonly #url: string;
  readonly #reaching = new Reaching();
  #versions: ReadonlyMap<string, readonly SchemaVersion[]> = new Map();
  #versionsAt = Number.NEGATIVE_INFINITY;

  /** @param url of its Confluent-compatible API */
  constructor(url: string) {
    this.#url = url;
  }

  get reached(): Reached {
    return this.#reaching.reached;
  }

  /** How many there are. */
  get subjects(): number {
    return this.#versions.size;
  }

  /** By subject: `order.events-troupe.order.OrderCreated`. */
  versionsOf(subject: string): readonly SchemaVersion[] {
    return this.#versions.get(subject) ?? [];
  }

  async look(): Promise<void> {
    await this.#reaching.attempt(2 * PATIENCE_MS, async () => {
      const subjects = (await this.#get('/subjects')) as readonly string[];
      if (performance.now() - this.#versionsAt < VERSIONS_EVERY_MS) return;
      const found = new Map<string, readonly SchemaVersion[]>();
      for (const subject of subjects) found.set(subject, await this.#versionsIn(subject));
      this.#versions = found;
      this.#versionsAt = performance.now();
    });
  }

  async #versionsIn(subject: string): Promise<readonly SchemaVersion[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const versions = (await this.#get(path)) as readonly number[];
    const described = versions.map(async (version) => {
      const { id } = (await this.#get(`${path}/${version}`)) as { readonly id: number };
      return { id, version };
    });
    return Promise.all(described);
  }

  async #get(path: string): Promise<unknown> {
    const heard = await ask(`${this.#url}${path}`, { withinMs: PATIENCE_MS });
    if (heard.kind === 'no answer') throw new Error(heard.reason);
    if (heard.status !== 200) throw new Error(`it answers ${heard.status} for ${path}`);
    return heard.body;
  }
}
