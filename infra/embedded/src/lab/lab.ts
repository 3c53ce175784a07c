import type { Context } from '../stack/context.ts';
import { LabRefusal } from './refusal.ts';
import { type Send, sends } from './sends.ts';
import { type Switch, switches } from './switches.ts';

/** A switch as it is shown. `on`: the fault is there. */
export interface SwitchView {
  readonly id: string;
  readonly group: Switch['group'];
  readonly title: string;
  readonly text: string;
  readonly service: string | null;
  readonly on: boolean;
}

export interface LabView {
  readonly switches: readonly SwitchView[];
  readonly sends: readonly Pick<Send, 'id' | 'title' | 'text' | 'label'>[];
}

/**
 * Real faults of a running stack, to be switched on and off: a process that is gone, a relay that is held, a partner that does not
 * answer. Nothing of it outlives the stack: every start begins with all of them off.
 */
export class Lab {
  readonly #switches: ReadonlyMap<string, Switch>;
  readonly #sends: ReadonlyMap<string, Send>;
  readonly #on = new Set<string>();
  /** One after the other: of two that are turned at once, none is half done. */
  #turning: Promise<void> = Promise.resolve();

  constructor(context: Context, asked: Parameters<typeof switches>[1]) {
    this.#switches = new Map(switches(context, asked).map((known) => [known.id, known]));
    this.#sends = new Map(sends(context).map((send) => [send.id, send]));
  }

  view(): LabView {
    return {
      switches: [...this.#switches.values()].map(({ id, group, title, text, service }) => {
        return { id, group, title, text, service, on: this.#on.has(id) };
      }),
      sends: [...this.#sends.values()].map(({ id, title, text, label }) => ({ id, title, text, label })),
    };
  }

  /** Resolves when the fault is there, or is being mended. @throws LabRefusal */
  turn(id: string, on: boolean): Promise<void> {
    const known = this.#switches.get(id);
    if (known === undefined) throw new LabRefusal(`There is no switch ${id}.`);
    const turned = this.#turning.then(() => this.#turn(known, on));
    this.#turning = turned.catch(() => undefined);
    return turned;
  }

  async allOff(): Promise<void> {
    for (const id of [...this.#on]) await this.turn(id, false);
  }

  /** Returns what was sent, in a sentence. `key`: of the order that it is about. @throws LabRefusal */
  send(id: string, key: string | undefined): Promise<string> {
    const known = this.#sends.get(id);
    if (known === undefined) throw new LabRefusal(`There is nothing to send that is called ${id}.`);
    return known.send(key);
  }

  has(id: string): 'switch' | 'send' | undefined {
    if (this.#switches.has(id)) return 'switch';
    return this.#sends.has(id) ? 'send' : undefined;
  }

  async #turn({ id, turn }: Switch, on: boolean): Promise<void> {
    if (this.#on.has(id) === on) return;
    await turn(on);
    if (on) this.#on.add(id);
    else this.#on.delete(id);
  }
}
