import { describe, expect, it } from '@jest/globals';
import { hexDump } from '../../src/api/dead-letters/hex-dump.ts';
import { mapChecks } from '../../src/api/map/checks.ts';
import { declaredEdges } from '../../src/api/map/edges.ts';
import { map } from '../asking/asked.ts';

const edge = (event: string, to: string) => declaredEdges(map).find((one) => one.event === event && one.to === to);

describe('the edges of the map', () => {
  it('are every event with every service that hears it', () => {
    expect(declaredEdges(map)).toHaveLength(map.events.reduce((sum, { heardBy }) => sum + heardBy.length, 0));
  });

  it.each([
    ['OrderCreated', 'payment', 'there'],
    ['PaymentCompleted', 'inventory', 'there'],
    ['PaymentCompleted', 'order', 'informs'],
    ['InventoryReserved', 'shipping', 'there'],
    ['ShipmentScheduled', 'order', 'there'],
    ['OrderConfirmed', 'notification', 'informs'],
    ['ShipmentFailed', 'inventory', 'back'],
    ['InventoryFailed', 'payment', 'back'],
    ['OrderCancelled', 'payment', 'back'],
    ['OrderCancelled', 'notification', 'informs'],
    ['PaymentFailed', 'order', 'back'],
    ['PaymentApprovalRequired', 'order', 'person'],
    ['PaymentApprovalRequired', 'notification', 'informs'],
  ])('%s to %s is of the kind %s', (event, to, kind) => {
    expect(edge(event, to)?.kind).toBe(kind);
  });

  it('say what is owed on them, within which time, and what undoes it', () => {
    expect(edge('PaymentCompleted', 'inventory')).toMatchObject({
      from: 'payment',
      topic: 'payment.events',
      answers: expect.arrayContaining(['InventoryReserved', 'InventoryFailed']),
      withinMs: 10_000,
      undoneBy: 'PaymentRefunded',
    });
  });
});

it('the checks of the map hold in this build, and say what was declared', () => {
  const checks = mapChecks(map);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.length).toBeGreaterThan(5);
  const broken = {
    ...map,
    services: map.services.map((one) => ({
      ...one,
      rows: one.rows.filter(({ hears }) => hears.name !== 'OrderCreated'),
    })),
    events: map.events.map((event) => (event.name === 'OrderCreated' ? { ...event, heardBy: [] } : event)),
  };
  expect(mapChecks(broken).some(({ ok }) => !ok)).toBe(true);
});

it('bytes are shown eight in a line, and a few thousand of them at most', () => {
  expect(hexDump(Buffer.from('\0\0\0\0\x03H01a2', 'latin1'))).toBe(
    '0000  00 00 00 00 03 48 30 31  .....H01\n0008  61 32                    a2',
  );
  expect(hexDump(Buffer.alloc(5_000)).split('\n').at(-1)).toBe('… 904 more bytes');
});
