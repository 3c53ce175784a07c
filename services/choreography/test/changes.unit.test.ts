import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryReserved } from '@troupe/schemas';
import { type Choreography, impactOf, MAP_FILE, mapAt } from '../src/index.ts';
import { mapOf, mapWithRow, saying } from './tables.ts';

const before = mapOf();
const changed = (map: Choreography) =>
  impactOf(before, map).changes.map(({ kind, of, place, text }) => `${kind} ${of} ${place}: ${text}`);
const eventChanged = (name: string, change: object): Choreography => ({
  ...before,
  events: before.events.map((event) => (event.name === name ? { ...event, ...change } : event)),
});

describe('What has changed', () => {
  it('is nothing when nothing has', () => {
    expect(impactOf(before, mapOf())).toEqual({ changes: [], services: [], inFlight: [] });
  });

  it('tells a row that is slower and says less', () => {
    const map = mapWithRow('inventory: PaymentCompleted', (row) =>
      saying(row, { emits: [InventoryReserved], within: 15_000 }),
    );
    expect(changed(map)).toEqual([
      'changed row inventory: PaymentCompleted (choreographed): emits -InventoryFailed; within 10 s → 15 s',
    ]);
    expect(impactOf(before, map).services).toEqual(['inventory']);
  });

  it('tells rows and events that are new, and those that are gone', () => {
    const without = mapWithRow('shipping: OrderCancelled', () => undefined);
    expect(changed(without)).toEqual(
      expect.arrayContaining(['removed row shipping: OrderCancelled (choreographed): starts CancelBooking']),
    );
    const back = impactOf(without, before).changes.map(({ kind, place }) => `${kind} ${place}`);
    expect(back).toContain('added shipping: OrderCancelled (choreographed)');
    const less: Choreography = { ...before, events: before.events.filter(({ name }) => name !== 'NotificationSent') };
    expect(changed(less)).toEqual(['removed event NotificationSent: of notification']);
  });

  it('tells an event that has another owner, and fields that are other ones', () => {
    expect(changed(eventChanged('PaymentRefunded', { owner: 'order', topic: 'order.events' }))).toEqual([
      'moved event PaymentRefunded: owner payment → order; topic payment.events → order.events',
    ]);
    const fields = [
      { name: 'orderId', type: '"string"', optional: false },
      { name: 'shipmentId', type: '"long"', optional: false },
      { name: 'carrier', type: '"string"', optional: false },
      { name: 'weight', type: '"int"', optional: true },
    ];
    expect(changed(eventChanged('ShipmentScheduled', { fields }))).toEqual([
      'added field ShipmentScheduled.weight: with a default',
      'removed field ShipmentScheduled.trackingNumber: ',
      'changed field ShipmentScheduled.shipmentId: type "string" → "long"',
    ]);
    expect(impactOf(before, eventChanged('ShipmentScheduled', { fields })).services).toEqual(['order', 'shipping']);
  });

  it('tells a row that another service has now', () => {
    const services = before.services.map((service) => ({
      ...service,
      rows: service.rows.map((row) =>
        row.service === 'notification' && row.hears.name === 'PaymentApprovalRequired'
          ? { ...row, service: 'shipping' }
          : row,
      ),
    }));
    expect(changed({ ...before, services })).toEqual([
      'moved row shipping: PaymentApprovalRequired: from notification: PaymentApprovalRequired',
    ]);
  });

  it('tells a saga that was changed under its version', () => {
    const sagas = before.sagas.map((saga) => ({ ...saga, steps: saga.steps.slice(0, -1) }));
    expect(changed({ ...before, sagas })[0]).toContain('its steps were changed without a new version');
  });
});

describe('Sagas in flight', () => {
  it('meet a changed row when they stand before it', () => {
    const map = mapWithRow('shipping: InventoryReserved', (row) => saying(row, { within: 15_000 }));
    expect(impactOf(before, map).inFlight).toEqual([
      {
        place: 'shipping: InventoryReserved (choreographed)',
        behind: ['OrderCreated', 'PaymentCompleted', 'InventoryReserved'],
        text: 'It was begun under the old row, and shipping acts on InventoryReserved by the new one.',
      },
    ]);
  });

  it('meet nothing of a row that begins them', () => {
    const map = mapWithRow('order: PlaceOrder', (row) => saying(row, { within: 1_000 }));
    expect(impactOf(before, map).changes).toHaveLength(1);
    expect(impactOf(before, map).inFlight).toEqual([]);
  });

  it('meet a row behind circles of events as well, the beginning of the way first', () => {
    const map = mapWithRow('shipping: CancelRetry', () => undefined);
    const [meeting] = impactOf(before, map).inFlight;
    expect(meeting?.behind.slice(0, 3)).toEqual(['OrderCreated', 'PaymentApprovalRequired', 'OrderCancelled']);
    expect(meeting?.text).toBe('Whatever of CancelRetry has not reached shipping yet is not acted on any more.');
  });

  it('leave the records of an event behind that has another owner', () => {
    const map = eventChanged('PaymentRefunded', { owner: 'order', topic: 'order.events' });
    expect(impactOf(before, map).inFlight.map(({ text }) => text)).toEqual([
      'Records that were written before stay on payment.events: what order did not read of them until the change is lost.',
    ]);
  });

  it('leave records of both shapes on the topic of an event whose fields change', () => {
    const fields = before.events.find(({ name }) => name === 'PaymentFailed')?.fields.slice(0, 2);
    expect(impactOf(before, eventChanged('PaymentFailed', { fields })).inFlight).toEqual([
      {
        place: 'PaymentFailed.detail',
        behind: ['PaymentFailed'],
        text: 'Records of both shapes lie on payment.events for a while, and order must read both.',
      },
    ]);
  });
});

describe('The map of an older revision', () => {
  let root = '';
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...args], {
      encoding: 'utf8',
    });

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'troupe-since-'));
    git('init', '--quiet');
    git('commit', '--quiet', '--allow-empty', '-m', 'before there was a map');
    mkdirSync(path.join(root, 'docs'));
    const slow = mapWithRow('payment: OrderCreated', (row) => saying(row, { within: 90_000 }));
    writeFileSync(path.join(root, MAP_FILE), JSON.stringify(slow));
    git('add', '.');
    git('commit', '--quiet', '-m', 'with a map');
    git('tag', 'slow');
    writeFileSync(path.join(root, MAP_FILE), '{"format": 99}');
    git('commit', '--quiet', '-am', 'with a map of the future');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('is the one that was committed with it', async () => {
    const { changes } = impactOf(await mapAt(root, 'slow'), before);
    expect(changes).toEqual([
      {
        kind: 'changed',
        of: 'row',
        place: 'payment: OrderCreated (choreographed)',
        text: 'within 90 s → 20 s',
        services: ['payment'],
      },
    ]);
  });

  it.each([
    ['has none', 'slow~1', `Revision slow~1 has no ${MAP_FILE}: it is older than the map.`],
    ['does not exist', 'nowhere', 'There is no revision "nowhere" here.'],
    ['would be an option', '--help', '"--help" is no revision of git.'],
    ['has one of another format', 'HEAD', 'is no map of format 1'],
  ])('is refused with what to do when the revision %s', async (_, revision, sentence) => {
    await expect(mapAt(root, revision)).rejects.toThrow(sentence);
  });
});
