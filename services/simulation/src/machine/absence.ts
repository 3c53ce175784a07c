/** What stays away for good: a side outside, a whole service, or only the answers of a service over HTTP. */
export type Gone =
  | { readonly calls: readonly string[] }
  | { readonly service: string }
  | { readonly answersOf: string };

/** Who is away at this moment: nobody, or one participant from the moment in which it leaves. */
export class Absence {
  #who: string | undefined;
  #lately: string | undefined;
  #gone: Gone | undefined;

  get who(): string | undefined {
    return this.#who;
  }

  /** Who is away, or was. */
  get lately(): string | undefined {
    return this.#lately;
  }

  begin(who: string, gone: Gone): void {
    this.#who = who;
    this.#gone = gone;
    this.#lately = who;
  }

  end(): void {
    this.#who = undefined;
    this.#gone = undefined;
  }

  /** Whether a call to the outside gets no answer and is not made. */
  takesCall(name: string): boolean {
    const gone = this.#gone;
    return gone !== undefined && 'calls' in gone && gone.calls.includes(name);
  }

  /** Whether no process of the service is there, or comes back. */
  takesService(service: string): boolean {
    const gone = this.#gone;
    return gone !== undefined && 'service' in gone && gone.service === service;
  }

  /** Whether what a service answers never arrives, though it does its work. */
  takesAnswersOf(service: string): boolean {
    const gone = this.#gone;
    return gone !== undefined && 'answersOf' in gone && gone.answersOf === service;
  }
}
