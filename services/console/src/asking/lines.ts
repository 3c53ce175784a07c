import type { SetAside, Work } from '../contract/event.ts';
import type { ServiceAnswer } from '../saga/input.ts';
import type { LetterLine, TaskLine, UnpublishedLine } from './status-page.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The saga that a key names; null where the key is none. A key in another spelling is why a message was set aside. */
export const sagaOf = (key: string | null): string | null => {
  const folded = key?.toLowerCase() ?? '';
  return UUID.test(folded) ? folded : null;
};

/** `troupe.payment.PaymentCompleted` → `PaymentCompleted` */
export const shortName = (fullName: string): string => fullName.slice(fullName.lastIndexOf('.') + 1);

export const unpublishedOf = ({ type, ...event }: UnpublishedLine): ServiceAnswer['unpublished'][number] => ({
  ...event,
  type: shortName(type),
});

export function workOf(service: string, line: TaskLine): Work & { readonly sagaId: string } {
  const { kind, name, key, since, attempts, lastError, isBeingMade, causationId, sagaId } = line;
  return {
    service,
    kind,
    name,
    key,
    since,
    dueAt: line.nextAttemptAt,
    attempts,
    lastError,
    isBeingMade,
    causationId,
    sagaId,
  };
}

export function setAsideOf(service: string, line: LetterLine): SetAside & { readonly sagaId: string | null } {
  const { id, status, topic, partition, offset, eventId, eventType, code, message, since, key } = line;
  return {
    id,
    service,
    eventId,
    eventType: eventType && shortName(eventType),
    topic,
    partition,
    offset,
    status,
    code,
    message,
    since,
    sagaId: sagaOf(key),
  };
}
