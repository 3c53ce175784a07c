import type { SagaEvent } from '../contract/event.ts';
import type { SagaSummary } from '../saga/input.ts';

/** What is said of a saga when no rule can tell it: when its events were said, and no more. It counts as open: somebody should look. */
export function unsummarized(orderId: string, events: readonly SagaEvent[]): SagaSummary {
  const moments = events.map(({ at }) => at).sort();
  return {
    orderId,
    style: 'choreographed',
    outcome: null,
    reason: null,
    customerId: null,
    total: null,
    items: [],
    deadlineAt: null,
    placedAt: moments[0] ?? UNKNOWN,
    endedAt: null,
    since: moments.at(-1) ?? UNKNOWN,
    open: true,
    owes: null,
    turningBack: false,
    person: null,
    there: [],
    back: [],
    unexpected: [...new Set(events.map(({ type }) => type))].sort(),
    eventCount: events.length,
    traceId: null,
  };
}

const UNKNOWN = new Date(0).toISOString();
