import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asOf } from '../../src/saga/fold/as-of.ts';
import { fold } from '../../src/saga/fold/fold.ts';
import type { SagaInput } from '../../src/saga/input.ts';
import { at, COMPENSATED, CONFIRMED, inputOf, map, orchestrated, PLACED, story } from './story.ts';

const stories = [story(...CONFIRMED), story(...COMPENSATED), orchestrated(CONFIRMED), orchestrated(COMPENSATED)];

/** Each service has taken in what it hears 20 ms after it was said, and its handler was traced. */
function lived(events: SagaInput['events']): SagaInput {
  const readers = events.flatMap((event) =>
    (map.events.find(({ name }) => name === event.type)?.heardBy ?? []).map((service) => {
      const said = Date.parse(event.at) - PLACED;
      return {
        service,
        eventId: event.id,
        startedAt: at(said + 12),
        endedAt: at(said + 20),
        outcome: 'applied',
        reason: null,
      };
    }),
  );
  const answers = map.services.map(({ name: service }) => ({
    service,
    received: readers
      .filter((reader) => reader.service === service)
      .map(({ eventId, endedAt }) => ({ eventId, at: endedAt, ignoredBecause: null })),
    work: [],
    setAside: [],
    unpublished: [],
  }));
  return inputOf(events, 2_000, { answers, handled: readers });
}

describe('A saga as it was', () => {
  it('is told from what is known of it now as it would have been told then', () => {
    fc.assert(
      fc.property(fc.constantFrom(...stories), fc.integer({ min: 0, max: 1_500 }), (events, ms) => {
        const input = lived(events);
        const then = fold({ ...input, now: PLACED + ms });
        const told = asOf(fold(input), map, PLACED + ms);
        expect(told.steps).toEqual(then.steps);
        expect(told.ledger).toEqual(then.ledger);
        expect(told.state).toEqual(then.state);
        const states = (saga: typeof told) =>
          saga.readings.map(({ service, eventId, state }) => [service, eventId, state]);
        // Positions of the groups are those of now, so then they are left out.
        expect(states(told)).toEqual(
          states(fold({ ...input, facts: { ...input.facts, services: {} }, now: PLACED + ms })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
