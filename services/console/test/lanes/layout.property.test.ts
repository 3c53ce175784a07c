import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SagaDetail, StepState } from '../../src/contract/index.ts';
import { type Due, detailOf, ownerOf, type Said } from '../../web/fixtures/story.ts';
import { momentAt, xAt } from '../../web/src/saga/layout/columns/scale.ts';
import { layout, pinsOf } from '../../web/src/saga/layout/layout.ts';
import { guessWidth } from '../../web/src/saga/layout/scene/text-width.ts';
import { asOf } from '../../web/src/saga/moment/as-of.ts';
import { momentsIn } from '../../web/src/saga/moment/moments.ts';
import { rowsOf } from '../../web/src/saga/rows/rows.ts';
import { faultsOf } from './faults.ts';

const EVENTS = [
  'OrderCreated',
  'PaymentCompleted',
  'InventoryReserved',
  'ShipmentScheduled',
  'OrderConfirmed',
  'NotificationSent',
  'ShipmentFailed',
  'InventoryReleased',
  'PaymentRefunded',
  'OrderCancelled',
  'PointsCredited',
  'ShipmentCancelled',
];
const SAID: readonly StepState[] = [
  'done',
  'done',
  'done',
  'refused',
  'undo-done',
  'person',
  'unexpected',
  'undo-failed',
];
const OWED: readonly StepState[] = [
  'expected',
  'running',
  'overdue',
  'undo-expected',
  'undo-running',
  'person',
  'skipped',
];

/** A saga of up to twelve events in any order of services, each caused by an earlier one, and of up to five that are owed. */
const sagas: fc.Arbitrary<SagaDetail> = fc
  .record({
    events: fc.shuffledSubarray(EVENTS, { minLength: 1 }),
    states: fc.array(fc.constantFrom(...SAID), { minLength: 12, maxLength: 12 }),
    gaps: fc.array(fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 120_000 })), {
      minLength: 12,
      maxLength: 12,
    }),
    causes: fc.array(fc.nat(11), { minLength: 12, maxLength: 12 }),
    ends: fc.array(fc.constantFrom('noted', 'ignored', 'waiting', 'dead', 'parked', 'duplicate'), {
      minLength: 12,
      maxLength: 12,
    }),
    reason: fc.constantFrom('', 'cancelled before its payment arrived', 'known'),
    fact: fc.constantFrom('', '$85.98 charged', 'does not carry SKU-100 in this country'),
    owed: fc.array(fc.constantFrom(...OWED), { maxLength: 5 }),
    after: fc.integer({ min: 1, max: 200_000 }),
    deadline: fc.boolean(),
  })
  .map((given) => {
    const start = '2026-11-30T02:13:07.241Z';
    let at = 0;
    const said = given.events.map((event, index): Said => {
      at += index === 0 ? 0 : (given.gaps[index] ?? 0);
      const end = given.ends[index] ?? 'noted';
      const moment = new Date(Date.parse(start) + at + 21).toISOString();
      const made =
        end === 'duplicate'
          ? { duplicates: [moment] }
          : { state: end, at: end === 'waiting' ? null : moment, reason: given.reason === '' ? null : given.reason };
      const cause = index === 0 ? undefined : given.events[(given.causes[index] ?? 0) % index];
      return {
        event,
        at,
        fact: given.fact,
        ...(index === 0 ? {} : { state: given.states[index] ?? 'done' }),
        ...(cause === undefined ? {} : { cause }),
        ...(given.states[index] === 'undo-done' && given.events[0] !== undefined ? { undoes: given.events[0] } : {}),
        // What a reader made of it is given for those of which nothing was caused.
        readers: Object.fromEntries(
          given.events.some(
            (other, later) =>
              later > index && given.events[(given.causes[later] ?? 0) % later] === event && ownerOf(other),
          )
            ? []
            : ['order', 'payment', 'inventory', 'shipping'].map((reader) => [reader, made]),
        ),
      };
    });
    const free = [
      ...EVENTS,
      'PaymentFailed',
      'InventoryFailed',
      'NotificationFailed',
      'OrderShipped',
      'PointsRevoked',
    ].filter((event) => !given.events.includes(event));
    const owed = given.owed.map((state, index): Due => {
      const event = free[index] ?? `OrderExtra${index}`;
      const after = index === 0 ? (given.events.at(-1) ?? '') : (free[index - 1] ?? '');
      return { event, state, after, oneOf: [event, 'PaymentFailed'], withinMs: 5_000 };
    });
    return detailOf({
      id: '01a1fd37-62cd-7a41-9c0e-54f2e86ecfbc',
      startsAt: start,
      now: at + given.after,
      said,
      owed,
      services: ['order', 'payment', 'inventory', 'shipping', 'notification', 'loyalty'],
      detail: {
        endedAt: owed.some((due) => due.state !== 'skipped') ? null : new Date(Date.parse(start) + at).toISOString(),
        deadlineAt: given.deadline ? new Date(Date.parse(start) + at + given.after + 10_000).toISOString() : null,
      },
    });
  });

const options = fc.record({
  width: fc.constantFrom(320, 760, 1120, 1760),
  scale: fc.constantFrom('squeezed' as const, 'true' as const),
  seams: fc.boolean(),
  readers: fc.boolean(),
  folded: fc.constantFrom([], ['notification'], ['loyalty', 'notification']),
  measure: fc.constant(guessWidth),
});

describe('the drawing of any saga', () => {
  test('every mark once, x by time, in its lane, and no text meets anything', () => {
    fc.assert(
      fc.property(sagas, options, (detail, given) => {
        expect(faultsOf(detail, layout(detail, given), given)).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  test('the scale leads from a moment to its x and back', () => {
    fc.assert(
      fc.property(sagas, options, fc.double({ min: 0, max: 1, noNaN: true }), (detail, given, share) => {
        const { scale } = layout(detail, given);
        const [first, last] = [scale[0], scale.at(-1)];
        const at = (first?.at ?? 0) + share * ((last?.at ?? 0) - (first?.at ?? 0));
        const x = xAt(scale, at);
        expect(x).toBeGreaterThanOrEqual((first?.x ?? 0) - 1e-6);
        expect(x).toBeLessThanOrEqual((last?.x ?? 0) + 1e-6);
        expect(xAt(scale, momentAt(scale, x))).toBeCloseTo(x, 3);
      }),
      { numRuns: 200 },
    );
  });

  test('a past moment shows what had happened by then, where it stands now', () => {
    fc.assert(
      fc.property(sagas, fc.nat(100), (detail, pick) => {
        const given = {
          width: 1120,
          scale: 'squeezed',
          seams: true,
          readers: true,
          folded: [],
          measure: guessWidth,
        } as const;
        const now = layout(detail, given);
        const moments = momentsIn(detail);
        const at = moments[pick % moments.length] ?? 0;
        const then = asOf(detail, at);
        const scene = layout(then, given, new Map([...pinsOf(now), ['now', xAt(now.scale, at)] as const]));
        for (const mark of scene.marks.filter((one) => one.at !== null)) {
          expect(mark.at).toBeLessThanOrEqual(Math.max(at, Date.parse(detail.placedAt)) + 1e-6);
          expect(mark.x).toBeCloseTo(now.marks.find((one) => one.id === mark.id)?.x ?? -1, 3);
        }
        expect(then.events.length).toBe(detail.events.filter((event) => Date.parse(event.at) <= at).length);
      }),
      { numRuns: 80 },
    );
  });

  test('as rows: every step once, each below what it follows from in time', () => {
    fc.assert(
      fc.property(sagas, (detail) => {
        const { rows } = rowsOf(detail);
        const steps = detail.steps.filter((step) => step.state !== 'skipped');
        expect(
          rows
            .filter((row) => row.kind !== 'now')
            .map((row) => row.id)
            .sort(),
        ).toEqual(steps.map((step) => step.id).sort());
        const said = rows
          .filter((row) => row.kind === 'event')
          .map((row) => steps.find((step) => step.id === row.id)?.at ?? '');
        expect(said).toEqual([...said].sort());
      }),
    );
  });
});
