import { ParkedKeys, topicKeyOf } from '../../dead-letters/parked-keys.ts';
import type { Incoming, Outcome } from '../../incoming/incoming.ts';
import type { Sql } from '../../rules/database.ts';
import type { Store } from '../../tables/store.ts';

/** The topics and keys of a batch that wait behind a dead letter. Costs a statement only when the service has dead letters. */
export async function parkedKeysOf(
  tx: Sql,
  incoming: readonly Incoming[],
  { store, hasDeadLetters }: { readonly store: Store; readonly hasDeadLetters: boolean },
): Promise<ParkedKeys> {
  const records = incoming.flatMap((message) => ('record' in message ? [message] : []));
  const wanted = hasDeadLetters || records.some(({ deadLetter }) => deadLetter !== undefined);
  if (!wanted) return new ParkedKeys([]);
  return new ParkedKeys(
    await store.openDeadLetters(
      tx,
      records.flatMap((message) => topicKeyOf(message) ?? []),
    ),
  );
}

/**
 * What keeps a message from its rule: another copy of it in this batch that was handled, or an earlier message of its topic and
 * key that was dead-lettered. The copy of one that died is parked like any other. If it counted as handled, its id would stay in
 * the inbox, and the dead letter would never be handled again.
 */
export function park(message: Incoming, parked: ParkedKeys, taken: ReadonlySet<string>): Outcome | undefined {
  if (!('record' in message)) return undefined;
  if (!parked.awaits(message)) return { kind: 'duplicate' };
  if (message.kind === 'event' && taken.has(message.id)) return { kind: 'duplicate' };
  const waits = message.kind === 'event' || message.deadLetter !== undefined;
  return waits && parked.holds(message) ? { kind: 'parked' } : undefined;
}
