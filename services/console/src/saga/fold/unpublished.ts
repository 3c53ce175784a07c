import type { SagaEvent } from '../../contract/event.ts';
import type { SagaInput } from '../input.ts';

/** What was said and stands in an outbox, as events: their readers cannot have them yet. */
export function unpublishedIn(
  { answers, events, choreography, orderId }: SagaInput,
  until: string,
): readonly SagaEvent[] {
  const onTopic = new Map(events.map(({ id, depth }) => [id, depth]));
  return answers.flatMap(({ service, unpublished }) =>
    unpublished
      .filter(({ eventId, since }) => !onTopic.has(eventId) && since <= until)
      .map(({ eventId, type, since, causationId }): SagaEvent => {
        const name = type.slice(type.lastIndexOf('.') + 1);
        const known = choreography.events.find((event) => event.name === name);
        return {
          id: eventId,
          type: name,
          fullName: known?.fullName ?? type,
          service,
          topic: known?.topic ?? `${service}.events`,
          partition: -1,
          offset: '-1',
          key: orderId,
          at: since,
          publishedAt: until,
          causationId,
          depth: (onTopic.get(causationId ?? '') ?? 0) + 1,
          traceId: null,
          schemaId: 0,
          payload: {},
          headers: {},
          again: [],
          inOutbox: true,
        };
      }),
  );
}
