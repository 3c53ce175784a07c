import type { CommandBus } from '../incoming/commands.ts';
import { Retryable } from '../rules/failure.ts';

/** Commands need the schemas of their events; until these are known, and while stopping, clients are told to come back. */
export class Gate<State> implements CommandBus<State> {
  readonly #bus: CommandBus<State>;
  readonly #closing = new AbortController();
  #open = false;

  constructor(bus: CommandBus<State>) {
    this.#bus = bus;
  }

  get stopping(): AbortSignal {
    return this.#closing.signal;
  }

  open(): void {
    this.#open = true;
  }

  close(): void {
    this.#closing.abort();
  }

  execute: CommandBus<State>['execute'] = (command, answer, claim) => {
    if (this.#open) return this.#bus.execute(command, answer, claim);
    return Promise.reject(new Retryable('STARTING', 'The service is waiting for its dependencies; see /readyz.'));
  };
}
