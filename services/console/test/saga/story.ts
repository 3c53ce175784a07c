import { readFileSync } from 'node:fs';
import type { Choreography } from '@troupe/choreography';
import type { SagaEvent } from '../../src/contract/event.ts';
import type { Facts, SagaInput, ServiceFacts } from '../../src/saga/input.ts';

/** The production map, as docs/choreography.json has it. */
export const map = JSON.parse(
  readFileSync(new URL('../../../../docs/choreography.json', import.meta.url), 'utf8'),
) as Choreography;

export const ORDER = '01a1fd37-62cd-7000-8000-54f2e86ecfbc';
export const PLACED = Date.parse('2026-11-30T02:13:07.241Z');
export const at = (ms: number): string => new Date(PLACED + ms).toISOString();

const ITEMS = [{ sku: 'SKU-014', quantity: 2 }];
const MONEY = { amount: 8598, currency: 'USD' };
const PAYLOADS: Readonly<Record<string, Record<string, unknown>>> = {
  OrderCreated: { customerId: 'c-2041', items: [{ ...ITEMS[0], unitPrice: 4299 }], ...MONEY },
  PaymentCompleted: { customerId: 'c-2041', items: ITEMS, ...MONEY },
  PaymentApprovalRequired: { ...MONEY, limit: 5000, expiresAt: PLACED + 900_000 },
  PaymentFailed: { reason: 'DECLINED', detail: 'The card was declined.' },
  PaymentRefunded: { ...MONEY, reason: 'SHIPMENT_REFUSED', byHand: false },
  PaymentRefundFailed: { ...MONEY, attempts: 5, detail: 'The account is closed.', nextAttemptAt: null },
  InventoryReserved: { items: ITEMS },
  InventoryReleased: { items: ITEMS, reason: 'SHIPMENT_REFUSED' },
  InventoryFailed: { reason: 'OUT_OF_STOCK', detail: 'SKU-014: 0 left' },
  ShipmentScheduled: { carrier: 'Sandbox Parcel', trackingNumber: 'TRK-4744FD6B4BED' },
  ShipmentFailed: { items: ITEMS, reason: 'CARRIER_REFUSED', detail: 'Sandbox Parcel does not carry SKU-100.' },
  OrderCancelled: { customerId: 'c-2041', items: ITEMS, reason: 'SHIPMENT_REFUSED', detail: 'The carrier refused.' },
  OrderConfirmed: { customerId: 'c-2041', items: ITEMS, ...MONEY },
  NotificationSent: { template: 'ORDER_CONFIRMED', recipient: 'c-2041@example.com' },
};

/** Type, milliseconds after the order was placed, and the type of its cause (absent: the one before it). */
export type Line = readonly [
  type: string,
  ms: number,
  cause?: string | undefined,
  payload?: Record<string, unknown> | undefined,
];

/** The events of an order, each in the topic of its owner. */
export function story(...lines: readonly Line[]): SagaEvent[] {
  const ids = new Map<string, string>();
  const depths = new Map<string, number>();
  return lines.map(([type, ms, cause = lines[0]?.[0] ?? '', payload = {}], index): SagaEvent => {
    const known = map.events.find(({ name }) => name === type);
    const id = index === 0 ? ORDER : idOf(index);
    const causationId = index === 0 ? ORDER : (ids.get(cause) ?? cause);
    const depth = index === 0 ? 1 : (depths.get(causationId) ?? 0) + 1;
    ids.set(type, id);
    depths.set(id, depth);
    const service = known?.owner ?? 'order';
    return {
      id,
      type,
      fullName: known?.fullName ?? `troupe.${service}.${type}`,
      service,
      topic: `${service}.events`,
      partition: 3,
      offset: String(100 + index),
      key: ORDER,
      at: at(ms),
      publishedAt: at(ms + 6),
      causationId,
      depth,
      traceId: '9a64b510000000000000000000000863',
      schemaId: 7,
      payload: { orderId: ORDER, ...PAYLOADS[type], ...payload },
      headers: {},
      again: [],
    };
  });
}

const idOf = (index: number): string => `01a1fd37-64db-7000-8000-${String(index).padStart(12, '0')}`;

export const CONFIRMED: readonly Line[] = [
  ['OrderCreated', 0],
  ['PaymentCompleted', 171, 'OrderCreated'],
  ['InventoryReserved', 199, 'PaymentCompleted'],
  ['ShipmentScheduled', 339, 'InventoryReserved'],
  ['OrderConfirmed', 364, 'ShipmentScheduled'],
  ['NotificationSent', 640, 'OrderConfirmed'],
];

export const COMPENSATED: readonly Line[] = [
  ['OrderCreated', 0],
  ['PaymentCompleted', 171, 'OrderCreated'],
  ['InventoryReserved', 199, 'PaymentCompleted'],
  ['ShipmentFailed', 339, 'InventoryReserved'],
  ['InventoryReleased', 364, 'ShipmentFailed'],
  ['PaymentRefunded', 516, 'InventoryReleased'],
  ['OrderCancelled', 540, 'PaymentRefunded'],
  ['NotificationSent', 901, 'OrderCancelled'],
];

/** The order of an orchestrator: its events follow from steps. */
export const orchestrated = (lines: readonly Line[]): SagaEvent[] =>
  story(
    ...lines.map(
      ([type, ms, cause, payload]): Line => [
        type,
        ms,
        type === 'NotificationSent' ? cause : `step of ${type}`,
        ['OrderCreated', 'PaymentCompleted', 'InventoryReserved'].includes(type)
          ? { ...payload, orchestrated: true }
          : payload,
      ],
    ),
  );

/** A stack in which all is well: every topic is read to its end. */
export function wellAt(now: number, services: Readonly<Record<string, Partial<ServiceFacts>>> = {}): Facts {
  const moment = new Date(now).toISOString();
  const well = (service: string): ServiceFacts => ({
    service,
    standing: 'ready',
    since: at(-3_600_000),
    reasons: {},
    group: { id: service, members: 1, noMemberSince: null, positions: positions('200', '200') },
    outbox: { unpublished: 0, oldestAt: null },
    relay: { state: 'active', reason: null, since: null, position: null },
    circuits: [],
    calls: [],
    setAside: [],
    refused: [],
    ...services[service],
  });
  return {
    at: moment,
    broker: { awaySince: null, reason: null },
    registry: { awaySince: null, reason: null },
    services: Object.fromEntries(map.services.map(({ name }) => [name, well(name)])),
  };
}

/** Of partition 3 of every topic. */
export const positions = (committed: string, end: string) =>
  Object.fromEntries(map.services.map(({ topic }) => [`${topic}/3`, { committed, end }]));

export function inputOf(events: readonly SagaEvent[], ms: number, besides: Partial<SagaInput> = {}): SagaInput {
  const now = PLACED + ms;
  return {
    orderId: ORDER,
    choreography: map,
    events,
    answers: [],
    handled: [],
    sent: [],
    facts: wellAt(now),
    now,
    ...besides,
  };
}
