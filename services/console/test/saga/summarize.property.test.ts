import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SagaEvent } from '../../src/contract/event.ts';
import { summarize } from '../../src/saga/summary/summarize.ts';
import { COMPENSATED, CONFIRMED, map, orchestrated, story } from './story.ts';

const anyStory = fc.constantFrom(
  story(...CONFIRMED),
  story(...COMPENSATED),
  orchestrated(CONFIRMED),
  orchestrated(COMPENSATED),
);

/** Some of the first events of an order, in any order, some of them twice: at another place of the topic, as a relay publishes them again. */
const anyReading = anyStory
  .chain((events) => fc.integer({ min: 1, max: events.length }).map((count) => events.slice(0, count)))
  .chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc
        .shuffledSubarray([...events, ...events.map(again)], { minLength: events.length })
        .map((read) => [...events, ...read]),
      fc.infiniteStream(fc.nat()),
    ),
  );

const again = (event: SagaEvent): SagaEvent => ({ ...event, offset: String(Number(event.offset) + 50) });

describe('The summary of a saga', () => {
  it('is the same for the same events, in whatever order and however often they were read', () => {
    fc.assert(
      fc.property(anyReading, ([events, read, weights]) => {
        const shuffled = read.map((event) => ({ event, weight: weights.next().value ?? 0 }));
        shuffled.sort((one, other) => one.weight - other.weight);
        expect(
          summarize(
            shuffled.map(({ event }) => event),
            map,
          ),
        ).toEqual(summarize(events, map));
      }),
      { numRuns: 300 },
    );
  });

  it('never says that a saga is over while something of it is owed', () => {
    fc.assert(
      fc.property(anyStory, fc.nat(), (events, cut) => {
        const { open, owes, outcome } = summarize(events.slice(0, 1 + (cut % events.length)), map);
        expect(open).toBe(outcome === null || owes !== null);
      }),
    );
  });
});
