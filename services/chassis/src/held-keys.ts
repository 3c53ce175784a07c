import type { IncomingEvent, Outcome, Poison } from './incoming.ts';
import { type KafkaRecord, textOf } from './kafka/record.ts';
import type { OpenLetter } from './store/dead-letters.ts';

type FromTopic = IncomingEvent | Poison;

/** Where something new that is set aside stands: behind every letter that is stored already. */
const NEW = Number.MAX_SAFE_INTEGER;

/**
 * Which topics and keys wait behind a message that was set aside, as a batch goes on. Order is kept for each topic and
 * key, as on the topic: other keys, and the same key on other topics, go on.
 */
export class HeldKeys {
  /** Positions of the letters that are open, by topic and key. */
  readonly #open = new Map<string, Set<number>>();

  constructor(letters: readonly OpenLetter[]) {
    for (const { topic, key, position } of letters) this.#positions(`${topic} ${key}`).add(position);
  }

  /** Whether something that came before the message is still open. */
  holds(message: FromTopic): boolean {
    const open = this.#open.get(nameOf(message.record) ?? '');
    if (open === undefined) return false;
    const own = message.letter?.position ?? Number.POSITIVE_INFINITY;
    return [...open].some((position) => position < own);
  }

  /** Whether a message that comes from its letter is still to be handled; another process may have done so. */
  awaits({ letter, record }: FromTopic): boolean {
    const name = nameOf(record);
    if (letter === undefined || name === undefined) return true;
    return this.#open.get(name)?.has(letter.position) === true;
  }

  /** Takes note of what a message came to. */
  note(message: FromTopic, outcome: Outcome): void {
    const name = nameOf(message.record);
    if (name === undefined) return;
    const aside = outcome.kind === 'dead' || outcome.kind === 'parked';
    if (aside) this.#positions(name).add(message.letter?.position ?? NEW);
    else if (message.letter !== undefined) this.#open.get(name)?.delete(message.letter.position);
  }

  #positions(name: string): Set<number> {
    const known = this.#open.get(name) ?? new Set();
    this.#open.set(name, known);
    return known;
  }
}

/** Undefined for a record whose key is not text: nothing that can be handled has the same. */
function nameOf({ topic, key }: KafkaRecord): string | undefined {
  const text = textOf(key);
  return text === undefined ? undefined : `${topic} ${text}`;
}
