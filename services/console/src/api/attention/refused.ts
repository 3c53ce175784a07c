import type { Asking } from '../../asking/asking.ts';
import type { AttentionItem } from '../../contract/work.ts';
import { strong } from '../../saga/words.ts';
import { button } from './persons.ts';

/** Records that a broker refused for good, the oldest first. */
export function refusedItems(asking: Pick<Asking, 'facts'>): readonly AttentionItem[] {
  const items = Object.values(asking.facts().services).flatMap(({ service, refused }) =>
    refused.map(({ sagaId, eventId, reason, since }): AttentionItem => {
      const params = { service, id: eventId };
      return {
        orderId: sagaId,
        service,
        since,
        until: null,
        money: null,
        text: `The broker refuses event ${strong(eventId.slice(-8))} of ${strong(service)}: ${reason}`,
        actions: [
          button('retry-unpublished', 'Publish again…', params),
          button('discard-unpublished', 'Discard…', params),
        ],
        saga: null,
      };
    }),
  );
  return items.sort((one, other) => one.since.localeCompare(other.since));
}
