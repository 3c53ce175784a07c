import type { DeadLetterCause, DeadLetterRow } from '../../../src/contract/work.ts';

/** `troupe.inventory.InventoryReleased` is InventoryReleased here. */
export const eventName = (type: string | null): string =>
  type === null ? 'no event' : type.slice(type.lastIndexOf('.') + 1);

/** The end of an id tells letters of one hour apart: its begin is the time. */
export const letterName = (id: string): string => `…${id.slice(-7)}`;

export const placeOf = ({ topic, partition, offset }: Pick<DeadLetterRow, 'topic' | 'partition' | 'offset'>): string =>
  `${topic}/${partition}@${offset}`;

/** What a service takes for "all of this cause". */
export const filterOf = ({ code, topic, eventType }: DeadLetterCause) => ({
  code,
  topic,
  ...(eventType !== null && { type: eventType }),
});

export interface OutcomeWords {
  readonly one: string;
  readonly said: string;
  readonly tone: 'ok' | 'dup' | 'bad' | 'wait';
}

/** What became, or would become, of a letter. */
const OUTCOMES: Readonly<Record<string, OutcomeWords>> = {
  applied: { one: 'applied', said: 'takes effect', tone: 'ok' },
  ignored: { one: 'ignored', said: 'the rule has nothing to do any more', tone: 'dup' },
  duplicate: { one: 'duplicate', said: 'its effect is there already: dropped', tone: 'dup' },
  parked: { one: 'parked', said: 'waits for an earlier one of its key', tone: 'wait' },
  dead: { one: 'still fails', said: 'would come back', tone: 'bad' },
};

export const outcomeWords = (outcome: string): OutcomeWords =>
  OUTCOMES[outcome] ?? { one: outcome, said: '', tone: 'wait' };
