import { describe, expect, it } from '@jest/globals';
import type { Changes } from '@troupe/chassis';
import { pagesOf } from '@troupe/chassis';
import type { PrismaClient } from '@troupe/order-database';
import { z } from 'zod';
import { catalogue } from '../src/domain/catalogue.ts';
import type { Order, OrderStatus, Recorded } from '../src/domain/order.ts';
import { together } from '../src/domain/together.ts';
import type { OrderQueries, OrderRow } from '../src/read/queries.ts';
import { orderEvents, ownOrder } from '../src/read/watching.ts';
import { customerId, heard, orderAfter, orderId } from './story.ts';

/** Changes that happen when a test says so. */
class Announced implements Changes {
  #wake: (() => void)[] = [];
  waiting = 0;
  next(_: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.waiting += 1;
    return new Promise<void>((resolve) => {
      const wake = () => resolve();
      this.#wake.push(wake);
      signal.addEventListener('abort', wake);
    }).finally(() => {
      this.waiting -= 1;
    });
  }
  announce(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

const rowWith = (status: OrderStatus) => ({ orderId, customerId, status }) as OrderRow;
const still = () => new AbortController().signal;

describe('One order', () => {
  it('shows nobody the order of another customer', async () => {
    const queries = { find: async () => rowWith('CONFIRMED') } as unknown as OrderQueries;
    await expect(ownOrder(queries, orderId, 'mallory')).rejects.toMatchObject({ status: 404, code: 'ORDER_NOT_FOUND' });
  });
});

describe('The stream of events', () => {
  const messages = [heard.placed, heard.paid, heard.reserved, heard.shipped];
  const stored = (order: Order | undefined): readonly Recorded[] => order?.pending ?? [];

  /** A stream that grows by one event at each look; at the first it has the event that the client saw last. */
  function growing(all: readonly Recorded[], changes: Announced, lastEventId: string | undefined) {
    let grown = Math.max(
      0,
      all.findIndex(({ version }) => String(version) === lastEventId),
    );
    return {
      async stream(_: string, behind: number) {
        grown = Math.min(grown + 1, all.length);
        queueMicrotask(() => changes.announce());
        return all.slice(behind, grown);
      },
    } as unknown as OrderQueries;
  }

  async function streamed(all: readonly Recorded[], lastEventId?: string) {
    const changes = new Announced();
    const events = [];
    const queries = growing(all, changes, lastEventId);
    for await (const event of orderEvents(queries, changes, { orderId, lastEventId, signal: still() })) {
      events.push(event);
    }
    expect(changes.waiting).toBe(0);
    return events;
  }

  it('shows each event once, as it happens, with its version as id, and ends when the order is confirmed', async () => {
    const events = await streamed(stored(orderAfter(...messages)));
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      ['1', 'OrderPlaced'],
      ['2', 'PaymentReceived'],
      ['3', 'StockReserved'],
      ['4', 'OrderConfirmed'],
      [undefined, 'end'],
    ]);
  });

  it('goes on behind the event that the client saw last', async () => {
    const events = await streamed(stored(orderAfter(...messages)), '2');
    expect(events.map(({ id }) => id)).toEqual(['3', '4', undefined]);
  });

  it('only says that it is over when the client saw the last event already', async () => {
    const events = await streamed(stored(orderAfter(...messages)), '4');
    expect(events).toEqual([{ event: 'end', data: { orderId, status: 'CONFIRMED' } }]);
  });

  it.each(['5', '999999999', '007', '-1', '2.0', 'two'])(
    'starts over behind an id that it never gave: %s',
    async (lastEventId) => {
      const events = await streamed(stored(orderAfter(...messages)), lastEventId);
      expect(events.map(({ id }) => id)).toEqual(['1', '2', '3', '4', undefined]);
    },
  );

  it('of a cancelled order goes on until its money is back', async () => {
    const owed = orderAfter(
      heard.placed,
      heard.paid,
      heard.cancelled,
      heard.refundRefused(1),
      heard.refunded('ORDER_CANCELLED'),
    );
    const events = await streamed(stored(owed));
    expect(events.map(({ event, data }) => [event, (data as { status: string }).status])).toEqual([
      ['OrderPlaced', 'PENDING'],
      ['PaymentReceived', 'PENDING'],
      ['OrderCancelled', 'CANCELLED'],
      ['RefundFailed', 'NEEDS_ATTENTION'],
      ['MoneyReturned', 'CANCELLED'],
      ['end', 'CANCELLED'],
    ]);
  });
});

describe('Looking together', () => {
  it('costs one query for all who look in the same turn', async () => {
    const asked: (readonly string[])[] = [];
    const find = together(async (ids) => {
      asked.push(ids);
      return new Map(ids.filter((id) => id !== 'c').map((id) => [id, id.toUpperCase()]));
    });
    expect(await Promise.all([find('a'), find('b'), find('a'), find('c')])).toEqual(['A', 'B', 'A', undefined]);
    expect(await find('a')).toBe('A');
    expect(asked).toEqual([['a', 'b', 'c'], ['a']]);
  });

  it('fails for all of them when the query fails, and not for those who look later', async () => {
    let fails = true;
    const find = together(async () => {
      if (fails) throw new Error('the database is away');
      return new Map([['a', 'A']]);
    });
    const first = await Promise.allSettled([find('a'), find('b')]);
    expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await find('a')).toBe('A');
  });
});

describe('The catalogue', () => {
  function shop(prices: Map<string, number>) {
    const asked: string[][] = [];
    const findMany = async ({ where }: { where: { sku: { in: string[] } } }) => {
      asked.push(where.sku.in);
      return where.sku.in.flatMap((sku) => (prices.has(sku) ? [{ sku, unitPrice: prices.get(sku) }] : []));
    };
    return { asked, database: { product: { findMany } } as unknown as PrismaClient };
  }

  it('asks the database once for what it knows, and again for what it does not', async () => {
    const { asked, database } = shop(
      new Map([
        ['A', 1],
        ['B', 2],
      ]),
    );
    const { prices } = catalogue(database, 60_000);
    expect([...(await prices(['A', 'X']))]).toEqual([['A', 1]]);
    expect([...(await prices(['A', 'B', 'X']))]).toEqual([
      ['A', 1],
      ['B', 2],
    ]);
    expect(asked).toEqual([
      ['A', 'X'],
      ['B', 'X'],
    ]);
  });

  it('sees a new price, and a product that is no longer sold, when what it knows is old', async () => {
    const shelf = new Map([
      ['A', 1],
      ['B', 2],
    ]);
    const { prices } = catalogue(shop(shelf).database, 0);
    await prices(['A', 'B']);
    shelf.set('A', 3);
    shelf.delete('B');
    expect([...(await prices(['A', 'B']))]).toEqual([['A', 3]]);
  });
});

describe('Pages', () => {
  const letters = [...'abcde'];
  const pages = pagesOf('letters', (key) => /^[a-e]$/.test(key), { usually: 2 });
  const query = z.object(pages.query);
  const page = (from: string | undefined, limit: number) => {
    const rest = letters.filter((letter) => from === undefined || letter > from);
    return pages.pageOf(rest.slice(0, limit + 1), limit, (letter) => letter);
  };

  it('follow one another to the end, each row once', () => {
    const seen: string[] = [];
    let asked: { cursor?: string } | undefined = {};
    while (asked !== undefined) {
      const { cursor, limit }: z.output<typeof query> = query.parse(asked);
      const { items, nextCursor }: ReturnType<typeof pages.pageOf<string>> = page(cursor, limit);
      seen.push(...items);
      asked = nextCursor === null ? undefined : { cursor: nextCursor };
    }
    expect(seen).toEqual(letters);
  });

  const encoded = (text: string) => Buffer.from(text).toString('base64url');
  it.each([
    ['of a row that cannot be', pages.cursorOf('z')],
    ['that is the bare key of a row', 'a'],
    ['that hides the key alone', encoded('a')],
    ['of another list', pagesOf('sounds', () => true).cursorOf('a')],
    ['that is spelled otherwise', `${pages.cursorOf('a')}=`],
    ['that is no text', '\ud800!!'],
    ['that is empty', ''],
  ])('do not begin at a cursor %s', (_, cursor) => {
    expect(query.safeParse({ cursor }).error?.issues).toMatchObject([
      { path: ['cursor'], message: expect.stringMatching(/^is not a cursor of this list; send the nextCursor/) },
    ]);
  });
});
