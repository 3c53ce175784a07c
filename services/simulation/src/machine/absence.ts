/** What stays away for good: a side outside, a whole service, or only the answers of a service over HTTP. */
type Gone = { readonly calls: readonly string[] } | { readonly service: string } | { readonly answersOf: string };

const GONE = {
  'the payment provider': { calls: ['Charge', 'Refund'] },
  'the carrier': { calls: ['Book', 'CancelBooking'] },
  'the mail server': { calls: ['Send'] },
  payment: { service: 'payment' },
  inventory: { service: 'inventory' },
  shipping: { service: 'shipping' },
  notification: { service: 'notification' },
  'answers of payment': { answersOf: 'payment' },
  'answers of inventory': { answersOf: 'inventory' },
  'answers of shipping': { answersOf: 'shipping' },
} as const satisfies Readonly<Record<string, Gone>>;
export type Participant = keyof typeof GONE;
/** Whoever an order can lose. Order itself is not among them: it is what ends an order that others leave alone. */
export const PARTICIPANTS = Object.keys(GONE) as Participant[];

/** Nobody waits for a mail, so that no order may be the worse for it. */
const WAITED_FOR_BY_NOBODY: readonly Participant[] = ['the mail server', 'notification'];

/** Who is away at this moment: nobody, or one participant from the moment in which it leaves. */
export class Absence {
  #who: Participant | undefined;
  #lately: Participant | undefined;

  get who(): Participant | undefined {
    return this.#who;
  }

  /** Who is away, or was. */
  get lately(): Participant | undefined {
    return this.#lately;
  }

  /** Whether somebody is, or was, away for whom an order may have to wait. */
  get isWaitedFor(): boolean {
    return this.#lately !== undefined && !WAITED_FOR_BY_NOBODY.includes(this.#lately);
  }

  begin(who: Participant): void {
    this.#who = who;
    this.#lately = who;
  }

  end(): void {
    this.#who = undefined;
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

  get #gone(): Gone | undefined {
    return this.#who === undefined ? undefined : GONE[this.#who];
  }
}
