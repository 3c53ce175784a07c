import { describe, expect, it } from '@jest/globals';
import { Board } from '../../src/board/board.ts';
import type { SagaSummary } from '../../src/saga/input.ts';
import { summarize } from '../../src/saga/summary/summarize.ts';
import { at, COMPENSATED, CONFIRMED, map, ORDER, PLACED, positions, story, wellAt } from '../saga/story.ts';

const paid = summarize(story(...CONFIRMED.slice(0, 2)), map);
const asked = summarize(story(['OrderCreated', 0], ['PaymentApprovalRequired', 20, 'OrderCreated']), map);
const back = summarize(story(...COMPENSATED.slice(0, 5)), map);
const ended = summarize(story(...CONFIRMED), map);
const named = (summary: SagaSummary, orderId: string, since = summary.since): SagaSummary => ({
  ...summary,
  orderId,
  since,
});

const stopped = (now: number) =>
  wellAt(now, {
    inventory: { group: { id: 'inventory', members: 0, noMemberSince: at(0), positions: positions('50', '200') } },
  });

describe('The board', () => {
  it('groups sagas by their cause, alarms first, with how many and how much', () => {
    const board = new Board(map);
    const now = PLACED + 20_000;
    board.reset([
      named(asked, 'asked'),
      named(paid, 'later', at(5_000)),
      named(paid, 'first'),
      named(paid, 'young', at(19_500)),
    ]);
    board.look(stopped(now), now);
    expect(board.causes()).toMatchObject([
      {
        key: 'CONSUMER_AWAY/inventory/PaymentCompleted',
        count: 3,
        money: { amount: 25_794, currency: 'USD' },
        oldest: paid.since,
        diagnosis: {
          sentence:
            '**inventory** has not answered **PaymentCompleted** (10 s allowed): consumer group **inventory** is **750** messages behind.',
        },
        first: [{ orderId: 'first' }, { orderId: 'later' }, { orderId: 'young' }],
      },
      { key: 'AWAITING_APPROVAL/payment/approval', count: 1, diagnosis: { tone: 'caution' } },
    ]);
  });

  it('knows how many begin a second', () => {
    const board = new Board(map);
    board.look(wellAt(PLACED), PLACED);
    board.put(Array.from({ length: 30 }, (_, index) => ({ ...named(paid, String(index)), eventCount: 1 })));
    expect(board.newPerSecond()).toBe(0.5);
    board.look(wellAt(PLACED + 61_000), PLACED + 61_000);
    expect(board.newPerSecond()).toBe(0);
  });

  it('forgets what is over, and judges at once what has moved on', () => {
    const board = new Board(map);
    const now = PLACED + 5_000;
    board.reset([paid]);
    board.look(stopped(now), now);
    expect(board.find(paid.orderId)?.diagnosis?.code).toBe('CONSUMER_AWAY');
    board.put([summarize(story(...CONFIRMED.slice(0, 3)), map)]);
    expect(board.find(paid.orderId)?.diagnosis).toBeNull();
    board.put([ended]);
    expect(board.size).toBe(0);
  });

  describe('with what services list', () => {
    const now = PLACED + 5_000;
    const waiting = (orderId: string) => ({
      sagaId: orderId,
      eventId: orderId,
      type: 'OrderCreated',
      since: at(0),
      causationId: orderId,
      refused: null,
    });
    const charging = (orderId: string) => ({
      sagaId: orderId,
      service: 'payment',
      kind: 'call' as const,
      name: 'Charge',
      key: orderId,
      since: at(10),
      dueAt: at(20),
      attempts: 4,
      lastError: 'no answer in 2 s',
      isBeingMade: false,
      causationId: orderId,
    });
    const cancelled = story(['OrderCreated', 0], ['OrderCancelled', 60, 'OrderCreated']);

    it('has an order that stands in an outbox alone, until its event comes', () => {
      const board = new Board(map);
      board.look(wellAt(now, { order: { unpublished: [waiting(ORDER)] } }), now);
      board.list(new Map([[ORDER, []]]));
      const rows = () => [...board.judged()].map(({ summary, diagnosis }) => [summary.orderId, diagnosis?.code]);
      expect(rows()).toEqual([[ORDER, 'OUTBOX_NOT_PUBLISHED']]);
      expect(board.causes()).toMatchObject([
        { count: 1, diagnosis: { sentence: expect.stringContaining('unsent in **order’s outbox** for **5 s**') } },
      ]);
      board.put([summarize(story(...CONFIRMED.slice(0, 1)), map)]);
      expect(rows()).toEqual([[ORDER, undefined]]);
    });

    it('has a saga that has ended while a call of it hangs, and not when it has an answer', () => {
      const board = new Board(map);
      board.put([summarize(cancelled, map)]);
      board.look(wellAt(now, { payment: { calls: [charging(ORDER)] } }), now);
      expect([...board.judged()]).toEqual([]);
      board.list(new Map([[ORDER, cancelled]]));
      expect([...board.judged()]).toMatchObject([{ summary: { open: false }, diagnosis: { code: 'CALL_UNANSWERED' } }]);
      expect(board.heldUp()).toEqual([ORDER]);
      board.look(wellAt(now), now);
      board.list(new Map());
      expect([[...board.judged()], board.heldUp()]).toEqual([[], []]);
    });

    it('judges five hundred of them, the most there are, within a second', () => {
      const board = new Board(map);
      const paying = story(...CONFIRMED.slice(0, 5));
      const orders = Array.from({ length: 500 }, (_, index) => String(index));
      const facts = wellAt(now, { payment: { calls: orders.map(charging) } });
      board.look(facts, now);
      const begun = process.cpuUsage();
      board.list(new Map(orders.map((orderId) => [orderId, paying])));
      const { user, system } = process.cpuUsage(begun);
      expect((user + system) / 1_000).toBeLessThan(1_000);
    });
  });

  it('is gone through ten thousand times a second', () => {
    const board = new Board(map);
    const now = PLACED + 20_000;
    board.reset(Array.from({ length: 10_000 }, (_, index) => named(index % 2 === 0 ? paid : back, String(index))));
    board.look(stopped(now), now);
    // Of this process: what else the machine does says nothing of the board.
    const begun = process.cpuUsage();
    board.look(stopped(now + 1_000), now + 1_000);
    board.causes();
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
