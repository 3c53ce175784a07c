import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Choreography } from '@troupe/choreography/graph';
import { compensated, confirmed, race, stuck } from '../../web/fixtures/sagas.ts';
import { mermaidOf } from '../../web/src/saga/export/mermaid.ts';
import { occurrencesOf } from '../../web/src/saga/layout/marks/occurrences.ts';
import { after, allowed } from '../../web/src/saga/layout/scene/durations.ts';
import { asOf } from '../../web/src/saga/moment/as-of.ts';
import { payloadLines } from '../../web/src/saga/panel/payload-lines.ts';
import { outcomeOf, protocolSummary } from '../../web/src/saga/protocol/outcomes.ts';
import { rowsOf } from '../../web/src/saga/rows/rows.ts';
import { knowledgeOf } from '../../web/src/saga/views/knowledge.ts';
import { traceRows } from '../../web/src/saga/views/trace-rows.ts';

test('the allowed time is whole, and neighbours on the axis differ', () => {
  expect(allowed(30_000)).toBe('30 s');
  expect([after(60_020), after(60_190)]).toEqual(['60.02 s', '60.19 s']);
});
describe('what a mark says', () => {
  test('a said event: who, when, what it came to, and how many have handled it', () => {
    const [, paid] = occurrencesOf(stuck, false).past;
    expect(paid?.sentence).toMatch(
      /^PaymentCompleted, said by payment at \d\d:\d\d:\d\d\.412: done, \$85\.98 charged, 1 of 2 readers have handled it$/,
    );
  });

  test('an owed event: one of what, by whom, and since when it is overdue', () => {
    const [owed] = occurrencesOf(stuck, true).owed;
    expect(owed?.sentence).toBe('InventoryReserved or InventoryFailed, owed by inventory: overdue by 12.2 s');
  });

  test('an ignored event: by whom and why', () => {
    expect(occurrencesOf(race, true).past.map((one) => one.sentence)).toContain(
      'inventory: PaymentCompleted ignored, cancelled before its payment arrived',
    );
  });
});

describe('the protocol against this order', () => {
  test('done, undone, overdue and expected steps', () => {
    const words = (detail: typeof stuck): readonly string[] => detail.steps.map((step) => outcomeOf(step, detail).text);
    expect(words(stuck)).toEqual([
      'OrderCreated',
      'PaymentCompleted',
      '12.2 s overdue',
      'not yet',
      'not yet',
      'not yet, nobody waits for it',
    ]);
    expect(words(compensated).slice(1, 5)).toEqual([
      'PaymentCompleted, undone at +516 ms',
      'InventoryReserved, undone at +364 ms',
      'ShipmentFailed: turns back',
      'InventoryReleased',
    ]);
  });

  test('in one line', () => {
    expect(protocolSummary(compensated)).toBe(
      '8 of 8 as declared; 1 duplicate dropped; 3 events ignored with a reason',
    );
  });
});

describe('a past moment', () => {
  const at = Date.parse(compensated.placedAt) + 250;

  test('what came later has not happened, and nothing is undone yet', () => {
    const then = asOf(compensated, at);
    expect(then.events.map((event) => event.type)).toEqual(['OrderCreated', 'PaymentCompleted', 'InventoryReserved']);
    expect(then.steps.filter((step) => step.eventId !== null).map((step) => step.state)).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(then.endedAt).toBeNull();
    expect([then.ledger.charged, then.ledger.refunded, then.ledger.released]).toEqual([null, null, null]);
  });

  test('beyond the turn nobody knew what would follow', () => {
    const owed = asOf(compensated, at).steps.filter((step) => step.eventId === null);
    expect(owed.map((step) => step.event)).toEqual(['ShipmentFailed']);
  });

  test('with the map, what was owed then is what the tables say', () => {
    const map = JSON.parse(
      readFileSync(new URL('../../../../docs/choreography.json', import.meta.url), 'utf8'),
    ) as Choreography;
    const then = asOf(compensated, at, map);
    const owed = then.steps.filter((step) => step.eventId === null && step.state !== 'skipped');
    expect(owed.map((step) => step.event)).toEqual(['ShipmentScheduled', 'OrderConfirmed', 'NotificationSent']);
    expect(owed[0]?.oneOf).toContain('ShipmentFailed');
    const paid = then.readings.find((reading) => reading.service === 'payment');
    expect(paid).toEqual(compensated.readings.find((reading) => reading.service === 'payment'));
  });

  test('the end is the saga itself', () => {
    const end = asOf(compensated, Date.parse(compensated.now));
    expect(end.steps).toEqual(compensated.steps);
    expect(end.readings).toEqual(compensated.readings);
  });

  test('each service knows what it had said and heard by then', () => {
    const [order, , , shipping] = knowledgeOf(asOf(compensated, at));
    expect(order?.knows).toEqual(['PaymentCompleted', 'InventoryReserved']);
    expect(shipping?.knowsNot).toEqual([{ event: 'InventoryReserved', words: 'waits 51 ms' }]);
  });
});

describe('untrusted text', () => {
  const payload = {
    amount: 8598,
    currency: 'USD',
    note: '<script>alert(1)</script>',
    items: [{ sku: 'A', quantity: 2 }],
  };

  test('a payload is lines of text, with money in words', () => {
    const lines = payloadLines(payload);
    expect(lines.find((line) => line.name === 'amount')).toMatchObject({ value: '8598', words: '$85.98' });
    expect(lines.find((line) => line.name === 'note')?.value).toBe('"<script>alert(1)</script>"');
    expect(lines.filter((line) => line.depth === 1).map((line) => line.name)).toEqual(['sku', 'quantity']);
  });

  test('a payload without end is cut', () => {
    expect(payloadLines({ items: Array.from({ length: 5000 }, (_, sku) => ({ sku })) }).length).toBeLessThanOrEqual(
      201,
    );
  });

  test('a fact cannot end a line of the diagram', () => {
    const evil = {
      ...confirmed,
      steps: confirmed.steps.map((step) => ({ ...step, fact: 'x;\n  Note over order: y #35;' })),
    };
    const lines = mermaidOf(evil).split('\n');
    expect(lines.every((line) => !line.includes(';'))).toBe(true);
    expect(lines.filter((line) => line.includes('Note over'))).toHaveLength(evil.steps.length);
  });
});

describe('the rows of a phone', () => {
  test('events, what is late, now, and below it what is declared', () => {
    expect(rowsOf(stuck).rows.map((row) => row.kind)).toEqual([
      'event',
      'event',
      'late',
      'now',
      'owed',
      'owed',
      'owed',
    ]);
  });

  test('an ended saga has no now', () => {
    expect(rowsOf(compensated).rows.some((row) => row.kind === 'now')).toBe(false);
  });
});

describe('the trace as a tree', () => {
  const span = (id: string, parentId: string | null, startUs: number) => ({
    id,
    parentId,
    service: 'order',
    name: id,
    kind: 'INTERNAL',
    start: confirmed.placedAt,
    startUs,
    durationUs: 10,
    failed: false,
    attributes: {},
  });

  test('children under their parent by time; one without a parent here is a root', () => {
    const { rows, totalUs } = traceRows([
      span('c', 'a', 30),
      span('b', 'a', 20),
      span('a', null, 0),
      span('lost', 'gone', 40),
    ]);
    expect(rows.map((row) => [row.span.id, row.depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 1],
      ['lost', 0],
    ]);
    expect(totalUs).toBe(50);
  });

  test('spans in a circle are shown once', () => {
    expect(traceRows([span('a', 'b', 0), span('b', 'a', 1)]).rows).toHaveLength(2);
  });
});
