import { EVENT_ID_REUSED } from '../../dead-letters/dead-letter.ts';
import type { Incoming, Outcome } from '../../incoming/incoming.ts';
import type { PendingTask } from '../../incoming/pending-task.ts';
import { callNotWaiting } from '../../tables/ending.ts';
import { claimName, replayed } from '../../tables/idempotency.ts';
import type { Begun } from './begin.ts';

/** By position in the batch; undefined until the message is settled. */
export type Settled = (Outcome | undefined)[];

/** The outcomes of the messages that no rule needs to see again: they took effect before. */
export function deduplicate(incoming: readonly Incoming[], { inbox, pending, answers }: Begun<unknown>): Settled {
  const seen = new Set<string>();
  const first = (id: string): boolean => !seen.has(id) && seen.add(id) !== undefined;
  return incoming.map((message): Outcome | undefined => {
    switch (message.kind) {
      case 'poison':
        return undefined;
      case 'event':
        if (inbox?.imposters.has(message.id)) return imposter(message.id);
        return inbox?.fresh.has(message.id) ? undefined : { kind: 'duplicate' };
      case 'call':
      case 'timer':
        return pending?.has(message.id) && first(message.id) ? undefined : { kind: 'duplicate' };
      case 'command': {
        const kept = message.claim && answers?.get(claimName(message.claim));
        if (kept && message.claim) return replayed(kept, message.claim);
        const { ends } = message;
        return ends === undefined || (pending?.has(ends.id) && first(ends.id)) ? undefined : answeredMeanwhile(ends);
      }
      default:
        return message satisfies never;
    }
  });
}

/** For a person who ends a call that has had its answer. */
export const answeredMeanwhile = ({ name, key }: PendingTask): Outcome => ({
  kind: 'refused',
  error: callNotWaiting({ call: name, key }),
});

function imposter(id: string): Outcome {
  const reason = `The event id ${id} was handled before with other bytes: two different facts claim to be one. Find the producer that reuses ids.`;
  return { kind: 'dead', code: EVENT_ID_REUSED, reason };
}
