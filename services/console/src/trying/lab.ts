import type { Sql } from '@troupe/chassis';
import { z } from 'zod';
import type { LabView, OperatorActView } from '../contract/work.ts';
import { TryingProblem } from './problem.ts';

const view = z.object({
  switches: z.array(
    z.object({
      id: z.string(),
      group: z.enum(['Stop a service', 'Hold something up']),
      title: z.string(),
      text: z.string(),
      service: z.string().nullable(),
      on: z.boolean(),
    }),
  ),
  sends: z.array(z.object({ id: z.string(), title: z.string(), text: z.string(), label: z.string() })),
});
const done = z.object({ sentence: z.string() });

export interface LabParts {
  /** Where the launcher listens for this console; undefined where it did not start it. */
  readonly url: string | undefined;
  readonly token: string | undefined;
  /** For what was done. */
  readonly database: Sql;
}

/** A fault that somebody has switched on. Names between ** and **. */
export interface SwitchedOn {
  readonly title: string;
  readonly service: string | null;
  readonly since: string;
}

/** To stop a service takes as long as its last batch. */
const ANSWER_MS = 25_000;
const NONE: LabView = { available: false, switches: [], sends: [] };

/**
 * The faults that the launcher of this stack can make and mend. Each use is written down: nobody shall look for the cause of
 * what somebody else has switched on.
 */
export class Lab {
  readonly #parts: LabParts;

  constructor(parts: LabParts) {
    this.#parts = parts;
  }

  /** Not available where there is no launcher, or it does not answer. */
  async view(): Promise<LabView> {
    if (this.#parts.url === undefined) return NONE;
    try {
      return { available: true, ...view.parse(await this.#asked('')) };
    } catch {
      return NONE;
    }
  }

  /** Turns a switch; `all` turns each off. @throws TryingProblem */
  async turn(id: string, on: boolean): Promise<void> {
    const { switches } = await this.view();
    await this.#asked(id, { on });
    const turned = id === 'all' ? switches.filter((known) => known.on) : switches.filter((known) => known.id === id);
    for (const { title } of turned) await this.#write(on ? 'switched on' : 'switched off', title);
  }

  /** Returns what was sent. `key`: of the saga that it is about. @throws TryingProblem */
  async send(id: string, key: string | undefined): Promise<string> {
    const { sends } = await this.view();
    const { sentence } = done.parse(await this.#asked(id, key === undefined ? {} : { key }));
    await this.#write('sent', sends.find((known) => known.id === id)?.title ?? id);
    return sentence;
  }

  /** What was done last, newest first. */
  async acts(limit = 50): Promise<readonly OperatorActView[]> {
    const rows = await this.#parts.database.$queryRawUnsafe<{ at: Date; act: string; target: string }[]>(
      'SELECT at, act, target FROM lab_act ORDER BY id DESC LIMIT $1',
      limit,
    );
    return rows.map(({ at, act, target }) => {
      return { at: at.toISOString(), service: 'lab', operator: 'lab', act, target, reason: null };
    });
  }

  /** The switches that are on, for whoever looks for a fault. */
  async switchedOn(): Promise<readonly SwitchedOn[]> {
    const { switches } = await this.view();
    const on = switches.filter((known) => known.on);
    if (on.length === 0) return [];
    const acts = await this.acts(200);
    return on.map(({ title, text, service, group }) => ({
      title: group === 'Stop a service' ? `**${title}** is stopped: ${text}.` : `**${title}**: ${text}.`,
      service,
      since: acts.find((past) => past.target === title && past.act === 'switched on')?.at ?? new Date().toISOString(),
    }));
  }

  async #asked(path: string, body?: object): Promise<unknown> {
    const { url, token } = this.#parts;
    if (url === undefined) throw noLab();
    const answer = await fetch(`${url}/${encodeURIComponent(path)}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => {
      throw noLab();
    });
    const said = (await answer.json().catch(() => ({}))) as { readonly message?: unknown };
    if (answer.ok) return said;
    throw refused(typeof said.message === 'string' ? said.message : `The launcher answered ${answer.status}.`);
  }

  async #write(act: string, target: string): Promise<void> {
    await this.#parts.database.$executeRawUnsafe('INSERT INTO lab_act (act, target) VALUES ($1, $2)', act, target);
  }
}

const noLab = (): TryingProblem =>
  new TryingProblem({
    status: 404,
    code: 'NO_LAB',
    title: 'There is no lab here',
    detail: 'It is there where npm start has started the stack on this machine, and still runs.',
  });

const refused = (detail: string): TryingProblem =>
  new TryingProblem({ status: 409, code: 'LAB_REFUSED', title: 'The lab cannot do that', detail });
