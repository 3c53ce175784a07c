import { describe, expect, it } from '@jest/globals';
import type { SagaDetail } from '../../src/contract/saga.ts';
import { fold } from '../../src/saga/fold/fold.ts';
import type { SagaInput } from '../../src/saga/input.ts';
import {
  at,
  COMPENSATED,
  CONFIRMED,
  inputOf,
  type Line,
  map,
  ORDER,
  orchestrated,
  PLACED,
  positions,
  story,
  wellAt,
} from './story.ts';

const lines = ({ steps }: SagaDetail) => steps.map(({ service, event, state }) => `${service} ${event} ${state}`);

describe('A saga, folded', () => {
  it('that moves: what was said, what is owed, and what is expected after it along the good way', () => {
    const saga = fold(inputOf(story(...CONFIRMED.slice(0, 2)), 1_000));
    expect(lines(saga)).toEqual([
      'order OrderCreated done',
      'payment PaymentCompleted done',
      'inventory InventoryReserved expected',
      'shipping ShipmentScheduled expected',
      'order OrderConfirmed expected',
      'notification NotificationSent expected',
    ]);
    expect(saga).toMatchObject({ state: 'running', outcome: null, summary: null, deadlineAt: at(60_000) });
    expect(saga.steps[2]).toMatchObject({
      hears: 'PaymentCompleted',
      oneOf: ['InventoryReserved', 'InventoryFailed'],
      dueAt: at(10_171),
      withinMs: 10_000,
      after: saga.steps[1]?.id,
    });
    expect(saga.steps[3]).toMatchObject({
      hears: 'InventoryReserved',
      hearsId: null,
      dueAt: null,
      after: saga.steps[2]?.id,
    });
    expect(saga.steps[5]).toMatchObject({ nobodyWaits: true });
  });

  it('that is late: the step is overdue', () => {
    const saga = fold(inputOf(story(...CONFIRMED.slice(0, 2)), 42_000));
    expect(lines(saga)[2]).toBe('inventory InventoryReserved overdue');
  });

  it('that was undone: each effect is tied to its undo, and the refusal turns the path', () => {
    const saga = fold(inputOf(story(...COMPENSATED), 1_000));
    expect(lines(saga)).toEqual([
      'order OrderCreated undone',
      'payment PaymentCompleted undone',
      'inventory InventoryReserved undone',
      'shipping ShipmentFailed refused',
      'inventory InventoryReleased undo-done',
      'payment PaymentRefunded undo-done',
      'order OrderCancelled undo-done',
      'notification NotificationSent done',
    ]);
    const [created, paid, reserved, , released, refunded, cancelled] = saga.steps;
    expect([reserved?.undoneBy, paid?.undoneBy, created?.undoneBy]).toEqual([
      released?.id,
      refunded?.id,
      cancelled?.id,
    ]);
    expect([released?.undoes, refunded?.undoes, cancelled?.undoes]).toEqual([reserved?.id, paid?.id, created?.id]);
    expect(saga.summary).toEqual({
      sentence:
        '**shipping** could not book: “Sandbox Parcel does not carry SKU-100.” Everything before it was undone in **201 ms**.',
      known: 'Stock released, $85.98 refunded and order cancelled. The customer was told. Nothing is left to do.',
    });
    expect(saga.ledger).toMatchObject({
      held: { amount: 0 },
      reserved: 2,
      released: 2,
      shipped: 0,
      verdict: { text: 'Balanced: nothing kept' },
    });
    expect(saga.steps.map(({ fact }) => fact)).toEqual([
      '2 × SKU-014',
      '$85.98 charged',
      '2 set aside',
      'Sandbox Parcel does not carry SKU-100.',
      '2 back in stock',
      '$85.98 back',
      'SHIPMENT_REFUSED',
      'customer told',
    ]);
  });

  it('on its way back: the undos that are left are expected, the next with its time', () => {
    const saga = fold(inputOf(story(...COMPENSATED.slice(0, 4)), 400));
    expect(lines(saga).slice(4)).toEqual([
      'inventory InventoryReleased undo-expected',
      'payment PaymentRefunded undo-expected',
      'order OrderCancelled undo-expected',
      'notification NotificationSent expected',
    ]);
  });

  it('as it was: what is later has not happened', () => {
    const saga = fold(inputOf(story(...COMPENSATED), 250));
    expect(lines(saga).slice(0, 4)).toEqual([
      'order OrderCreated done',
      'payment PaymentCompleted done',
      'inventory InventoryReserved done',
      'shipping ShipmentScheduled expected',
    ]);
  });

  it('of an orchestrator: steps answer what it asked', () => {
    const saga = fold(inputOf(orchestrated(CONFIRMED.slice(0, 2)), 250));
    expect(lines(saga)).toEqual([
      'order OrderCreated done',
      'payment PaymentCompleted done',
      'inventory InventoryReserved running',
      'shipping ShipmentScheduled expected',
      'order OrderConfirmed expected',
      'notification NotificationSent expected',
    ]);
    expect(saga.steps[1]).toMatchObject({ hears: 'charge payment', withinMs: 30_000 });
    expect(saga.steps[2]).toMatchObject({ hears: 'reserve stock', service: 'inventory' });
    const back = fold(inputOf(orchestrated(COMPENSATED.slice(0, 4)), 350));
    expect(lines(back).slice(4)).toEqual([
      'inventory InventoryReleased undo-running',
      'payment PaymentRefunded undo-expected',
      'order OrderCancelled undo-expected',
      'notification NotificationSent expected',
    ]);
  });

  it('knows what each reader made of an event, and where the time went', () => {
    const [created, paid] = story(...CONFIRMED.slice(0, 2));
    const saga = fold(
      inputOf(story(...CONFIRMED.slice(0, 2)), 42_000, {
        facts: wellAt(PLACED + 42_000, {
          inventory: {
            group: { id: 'inventory', members: 0, noMemberSince: at(0), positions: positions('50', '200') },
          },
        }),
        answers: [
          {
            service: 'order',
            received: [{ eventId: paid?.id ?? '', at: at(190), ignoredBecause: null }],
            work: [],
            setAside: [],
            unpublished: [],
          },
        ],
        handled: [
          { service: 'payment', eventId: ORDER, startedAt: at(19), endedAt: at(25), outcome: 'applied', reason: null },
          {
            service: 'payment',
            eventId: ORDER,
            startedAt: at(1_400),
            endedAt: at(1_401),
            outcome: 'duplicate',
            reason: null,
          },
        ],
      }),
    );
    const reading = (eventId: string | undefined, service: string) =>
      saga.readings.find((one) => one.eventId === eventId && one.service === service);
    expect(reading(created?.id, 'payment')).toMatchObject({
      state: 'answered',
      seams: { outboxMs: 6, waitMs: 13, handlerMs: 152 },
      duplicates: [at(1_401)],
    });
    expect(reading(paid?.id, 'order')).toMatchObject({
      state: 'noted',
      at: at(190),
      seams: { waitMs: 13, handlerMs: null },
    });
    expect(reading(paid?.id, 'inventory')).toMatchObject({ state: 'waiting', seams: { outboxMs: 6, waitMs: 41_823 } });
    expect(saga.lanes.find(({ service }) => service === 'inventory')?.text).toBe('750 behind, no member');
  });

  describe('with the word of the broker for its first event', () => {
    const handled = (startedAt: number) => [
      {
        service: 'payment',
        eventId: ORDER,
        startedAt: at(startedAt),
        endedAt: at(25),
        outcome: 'applied',
        reason: null,
      },
    ];
    const sent = (endedAt: number, topic = 'order.events') => ({ eventId: ORDER, topic, endedAt: at(endedAt) });
    const seams = (count: number, ms: number, besides: Partial<SagaInput>) =>
      fold(inputOf(story(...CONFIRMED.slice(0, count)), ms, besides)).readings[0]?.seams;

    it('has four numbers, whose sum is the time from said to answered', () => {
      expect(seams(2, 1_000, { handled: handled(19), sent: [sent(10)] })).toEqual({
        outboxMs: 6,
        brokerMs: 4,
        waitMs: 9,
        handlerMs: 152,
      });
    });

    it('could be read when its reader began, where the relay heard of it only then', () => {
      expect(seams(2, 1_000, { handled: handled(19), sent: [sent(24)] })).toEqual({
        outboxMs: 6,
        brokerMs: 13,
        waitMs: 0,
        handlerMs: 152,
      });
    });

    it('counts from the first that succeeded where it was sent twice, and never as less than nothing', () => {
      expect(seams(2, 1_000, { handled: handled(19), sent: [sent(3), sent(12)] })).toMatchObject({
        brokerMs: 0,
        waitMs: 13,
      });
    });

    it('is not that of its dead letter, which has its id and another topic', () => {
      expect(seams(2, 1_000, { handled: handled(19), sent: [sent(18, 'payment.dlq')] })).toMatchObject({
        brokerMs: null,
        waitMs: 13,
      });
    });

    it('waits behind the broker while nobody has read it, and is in the broker until then', () => {
      const facts = wellAt(PLACED + 1_000, {
        payment: { group: { id: 'payment', members: 1, noMemberSince: null, positions: positions('50', '200') } },
      });
      expect(seams(1, 1_000, { facts, sent: [sent(10)] })).toEqual({
        outboxMs: 6,
        brokerMs: 4,
        waitMs: 990,
        handlerMs: null,
      });
      expect(seams(1, 8, { facts, sent: [sent(10)] })).toMatchObject({ brokerMs: 2, waitMs: 0 });
    });
  });

  it('whose first event still stands in the outbox is drawn all the same', () => {
    const saga = fold(
      inputOf([], 35_000, {
        answers: [
          {
            service: 'order',
            received: [],
            work: [],
            setAside: [],
            unpublished: [{ eventId: ORDER, type: 'OrderCreated', since: at(0), causationId: ORDER, refused: null }],
          },
        ],
      }),
    );
    expect(lines(saga).slice(0, 2)).toEqual(['order OrderCreated done', 'payment PaymentCompleted overdue']);
    expect(saga.readings[0]).toMatchObject({ state: 'waiting', seams: { outboxMs: 35_000, waitMs: null } });
  });

  it('an event that no table declares after its cause is unexpected', () => {
    const odd: readonly Line[] = [
      ...CONFIRMED.slice(0, 2),
      ['InventoryFailed', 300, 'PaymentCompleted'],
      ['ShipmentScheduled', 400, 'InventoryFailed'],
    ];
    expect(lines(fold(inputOf(story(...odd), 500)))).toContain('shipping ShipmentScheduled unexpected');
  });

  it('with a service that was added to the tables has its lane and its step, and nobody waits for it', () => {
    const row = {
      service: 'loyalty',
      hears: { kind: 'event', name: 'OrderConfirmed' },
      emits: ['PointsGranted'],
      starts: [],
      withinMs: 10_000,
    } as const;
    const event = {
      name: 'PointsGranted',
      fullName: 'troupe.loyalty.PointsGranted',
      owner: 'loyalty',
      topic: 'loyalty.events',
      key: 'orderId',
      doc: '',
      fields: [],
      emittedBy: ['loyalty: OrderConfirmed'],
      heardBy: [],
      terminal: 'Nobody waits for points.',
    };
    const grown = {
      ...map,
      services: [...map.services, { name: 'loyalty', topic: 'loyalty.events', doc: '', rows: [row] }],
      events: [...map.events, event],
    };
    const input = { ...inputOf(story(...CONFIRMED), 1_000), choreography: grown };
    expect(fold(input).lanes.map(({ service }) => service)).toContain('loyalty');
    expect(fold(input).steps.at(-1)).toMatchObject({
      service: 'loyalty',
      event: 'PointsGranted',
      state: 'expected',
      hears: 'OrderConfirmed',
      nobodyWaits: true,
    });
    expect(fold(input).state).toBe('done');
    const earned = {
      ...(story(...CONFIRMED)[5] as SagaInput['events'][number]),
      id: 'earned',
      type: 'PointsGranted',
      service: 'loyalty',
      topic: 'loyalty.events',
    };
    expect(lines(fold({ ...input, events: [...input.events, earned] })).at(-1)).toBe('loyalty PointsGranted done');
  });
});
