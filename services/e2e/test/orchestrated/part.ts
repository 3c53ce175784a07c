import type { Front } from '@troupe/chassis/testing';
import { query } from '@troupe/chassis/testing';
import type { DomainEvent } from '@troupe/schemas';
import { answersOf, incoming, type Rig } from '../rig.ts';

/** What a service does for an order and undoes again, in both styles: what it hears, and what an orchestrator asks for. */
export interface Part {
  readonly does: { readonly path: string; readonly body: (orderId: string) => object };
  readonly undoes: { readonly path: (orderId: string) => string; readonly body: object };
  readonly shown: (orderId: string) => string;
  readonly hears: {
    readonly done: (orderId: string) => DomainEvent;
    readonly undone: (orderId: string) => DomainEvent;
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

/** One order at one service: what happens to it, in one of the styles. */
export class OrderAt {
  readonly orderId: string;
  readonly #rig: Rig;
  readonly #front: Front;
  readonly #part: Part;
  readonly #style: 'orchestrated' | 'choreographed';

  constructor(orderId: string, at: { rig: Rig; front: Front; part: Part; style: 'orchestrated' | 'choreographed' }) {
    this.orderId = orderId;
    this.#rig = at.rig;
    this.#front = at.front;
    this.#part = at.part;
    this.#style = at.style;
  }

  /** The step, as its style has it, of an order that is plain but for `change`. */
  async done(change: object = {}): Promise<void> {
    const { does, hears } = this.#part;
    if (this.#style === 'orchestrated') {
      await this.askDo(undefined, { ...does.body(this.orderId), ...change });
    } else {
      const event = hears.done(this.orderId);
      await this.hear({ ...event, data: { ...event.data, ...change } });
    }
  }

  async undone(): Promise<void> {
    if (this.#style === 'orchestrated') await this.askUndo();
    else await this.hear(this.#part.hears.undone(this.orderId));
  }

  /** The outside answers a call that is pending. */
  async answered(call: string, outcome: unknown): Promise<void> {
    const answers = await answersOf(this.#rig, call, () => outcome);
    const [own] = answers.filter(({ key }) => key === this.orderId);
    if (own === undefined) throw new Error(`nobody is asked to ${call}`);
    await this.#rig.loop.submit(own);
  }

  async hear(event: DomainEvent): Promise<void> {
    await this.#rig.loop.handleAgain([incoming(event)]);
  }

  askDo(key?: string, body = this.#part.does.body(this.orderId)): Promise<Answer> {
    return this.post(this.#part.does.path, body, { key });
  }

  askUndo(key?: string, body = this.#part.undoes.body): Promise<Answer> {
    return this.post(this.#part.undoes.path(this.orderId), body, { key });
  }

  async look(waitS = 0): Promise<Answer> {
    return told(await fetch(`${this.#front.url}${this.#part.shown(this.orderId)}?wait=${waitS}`));
  }

  async post(path: string, body: object, as: { key?: string | undefined; operator?: string } = {}): Promise<Answer> {
    const headers = {
      'content-type': 'application/json',
      ...(as.key && { 'idempotency-key': as.key }),
      ...(as.operator && { 'x-operator': as.operator }),
    };
    return told(await fetch(`${this.#front.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }));
  }

  /** What was said of the order and what is pending for it. Ids and moments differ from order to order, and the style. */
  async consequences(): Promise<unknown> {
    const said = await query(
      this.#rig.url,
      `SELECT type, convert_from(payload, 'UTF8')::jsonb - 'orchestrated' AS data FROM chassis.outbox
       WHERE aggregateid = '${this.orderId}' ORDER BY id`,
    );
    const pending = await query(
      this.#rig.url,
      `SELECT kind, name, data FROM chassis.task WHERE key = '${this.orderId}' ORDER BY name`,
    );
    return JSON.parse(
      JSON.stringify({ said, pending })
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
        .replace(/\b\d{13}\b/g, '"<moment>"'),
    );
  }
}

async function told(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: await response.json() };
}
