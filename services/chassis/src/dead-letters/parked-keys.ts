import type { IncomingEvent, Outcome, Poison } from '../incoming/incoming.ts';
import type { OpenDeadLetter } from '../tables/dead-letters/dead-letters.ts';
import { keyHash, type TopicKey } from '../tables/dead-letters/key-hash.ts';

type FromTopic = IncomingEvent | Poison;

/** Where something new that is set aside stands: behind every dead letter that is stored already. */
const NEW = Number.MAX_SAFE_INTEGER;

/** Which topics and keys wait behind a dead letter, as a batch goes on. Other keys go on, also on other topics. */
export class ParkedKeys {
  readonly #open = new Map<string, Set<number>>();

  constructor(deadLetters: readonly OpenDeadLetter[]) {
    for (const { topic, keyHash, position } of deadLetters) this.#positions(`${topic} ${keyHash}`).add(position);
  }

  /** Whether something that came before the message is still open. */
  holds(message: FromTopic): boolean {
    // Nothing is named that nobody asks for: a name costs a hash.
    if (this.#open.size === 0) return false;
    const open = this.#open.get(nameOf(message) ?? '');
    if (open === undefined) return false;
    const own = message.deadLetter?.position ?? Number.POSITIVE_INFINITY;
    return [...open].some((position) => position < own);
  }

  /** Whether a message that comes from its dead letter is still to be handled; another process may have done so. */
  awaits(message: FromTopic): boolean {
    if (message.deadLetter === undefined) return true;
    const name = nameOf(message);
    return name === undefined || this.#open.get(name)?.has(message.deadLetter.position) === true;
  }

  note(message: FromTopic, outcome: Outcome): void {
    const isUnhandled = outcome.kind === 'dead' || outcome.kind === 'parked';
    if (!isUnhandled && message.deadLetter === undefined) return;
    const name = nameOf(message);
    if (name === undefined) return;
    if (isUnhandled) this.#positions(name).add(message.deadLetter?.position ?? NEW);
    else if (message.deadLetter !== undefined) this.#open.get(name)?.delete(message.deadLetter.position);
  }

  #positions(name: string): Set<number> {
    const known = this.#open.get(name) ?? new Set();
    this.#open.set(name, known);
    return known;
  }
}

/** The key that a message has on its topic. Undefined for a record without a key: no other has the same. */
export function topicKeyOf({ record: { topic, key }, deadLetter }: FromTopic): TopicKey | undefined {
  const hash = deadLetter?.reduced?.keyHash ?? keyHash(key);
  return hash === undefined ? undefined : { topic, keyHash: hash };
}

function nameOf(message: FromTopic): string | undefined {
  const key = topicKeyOf(message);
  return key && `${key.topic} ${key.keyHash}`;
}
