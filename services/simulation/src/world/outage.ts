/** What an outage takes away: an external system, a whole service, or only the HTTP answers of a service. */
export type Unavailable =
  | { readonly calls: readonly string[] }
  | { readonly service: string }
  | { readonly answersOf: string };

/** The outage of a run: of no participant, or of one, from one moment of the scenario until faults have ended. */
export class Outage {
  #who: string | undefined;
  #lastAffected: string | undefined;
  #unavailable: Unavailable | undefined;

  get who(): string | undefined {
    return this.#who;
  }

  /** The participant that has, or had, the outage. */
  get lastAffected(): string | undefined {
    return this.#lastAffected;
  }

  begin(who: string, unavailable: Unavailable): void {
    this.#who = who;
    this.#unavailable = unavailable;
    this.#lastAffected = who;
  }

  end(): void {
    this.#who = undefined;
    this.#unavailable = undefined;
  }

  /** Whether a call to an external system does not arrive, and has no answer. */
  blocksCall(name: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'calls' in unavailable && unavailable.calls.includes(name);
  }

  /** Whether the service has no process, and starts none. */
  stopsService(service: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'service' in unavailable && unavailable.service === service;
  }

  /** Whether the service works, and its HTTP answers never arrive. */
  withholdsAnswersOf(service: string): boolean {
    const unavailable = this.#unavailable;
    return unavailable !== undefined && 'answersOf' in unavailable && unavailable.answersOf === service;
  }
}
