import type { SagaEvent } from '../../contract/event.ts';
import type { Item, Money, SagaStyle } from '../../contract/saga.ts';
import { moneyText } from '../words.ts';
import { itemsIn, moneyIn, numberIn, type Payload, styleIn, textIn } from './payloads.ts';

interface Placement {
  readonly customerId: string | null;
  readonly total: Money | null;
  readonly items: readonly Item[];
}

/** Who ordered what, for how much: as the first event says, or as far as a later one does. */
export function placementOf(first: Payload, events: readonly Pick<SagaEvent, 'payload'>[]): Placement {
  const payloads = [first, ...events.map(({ payload }) => payload)];
  const found = <T>(read: (payload: Payload) => T | null): T | null => {
    for (const payload of payloads) {
      const value = read(payload);
      if (value !== null) return value;
    }
    return null;
  };
  return {
    customerId: found((payload) => textIn(payload, 'customerId')),
    total: found((payload) => moneyIn(payload)),
    items: payloads.map(itemsIn).find((items) => items.length > 0) ?? [],
  };
}

/** A saga is run in one style from its first event on; a later one may be the first that was read. */
export const styleOf = (events: readonly Pick<SagaEvent, 'payload'>[]): SagaStyle =>
  events.some(({ payload }) => styleIn(payload) === 'orchestrated') ? 'orchestrated' : 'choreographed';

/** Why it ended so. */
export const endReasonOf = (payload: Payload): string | null => textIn(payload, 'reason');

/** Whether an end came from the order's own clock. */
export const isByDeadline = (payload: Payload): boolean => textIn(payload, 'reason') === 'TIMEOUT';

/** What a person has to decide about: "$1,499.00 is above the limit of $1,000.00". */
export function decisionWords(payload: Payload): string | null {
  const asked = moneyIn(payload);
  const limit = numberIn(payload, 'limit');
  if (asked === null || limit === null) return null;
  return `${moneyText(asked)} is above the limit of ${moneyText({ ...asked, amount: limit })}`;
}
