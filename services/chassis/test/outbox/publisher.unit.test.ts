import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRecord, Publisher } from '../../src/kafka/producer.ts';
import { OutboxPublisher } from '../../src/outbox/publisher.ts';
import { unobserved } from '../../src/outbox/relay/observer.ts';
import { refusedRecordsInMemory } from './refused-records-in-memory.ts';
import { begin, commit, insert, relation, row } from './wal-messages.ts';

/** A broker that answers when it is told to. */
class Broker implements Publisher {
  readonly requests: { keys: string[]; answer(): void; fail(error: Error): void }[] = [];
  onTheWay = 0;
  mostOnTheWay = 0;

  publish(records: readonly OutgoingRecord[]): Promise<void> {
    this.mostOnTheWay = Math.max(this.mostOnTheWay, ++this.onTheWay);
    return new Promise((resolve, reject) => {
      const answer = (): void => {
        this.onTheWay -= 1;
        resolve();
      };
      this.requests.push({ keys: records.map(({ key }) => String(key)), answer, fail: reject });
    });
  }
  async close(): Promise<void> {}
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

let broker: Broker;
let confirmed: bigint[];
let flow: string[];
let took: number[];
let shipment: OutboxPublisher;
beforeEach(async () => {
  broker = new Broker();
  confirmed = [];
  flow = [];
  took = [];
  shipment = new OutboxPublisher({
    source: {
      confirm: (lsn) => confirmed.push(lsn),
      pause: () => flow.push('pause'),
      resume: () => flow.push('resume'),
    },
    publisher: broker,
    topicPrefix: '',
    observer: { ...unobserved, published: (_, tookMs) => took.push(tookMs) },
    refusedRecords: (await refusedRecordsInMemory()).refusedRecords,
  });
  shipment.data(relation());
});

function transaction(end: bigint, ...ids: string[]): void {
  shipment.data(begin(end - 8n));
  for (const id of ids) shipment.data(insert(row(id)));
  shipment.data(commit(end - 8n, end));
}

describe('the relay, between the log and the broker', () => {
  it('acknowledges the end of a transaction when the broker has all of its rows, not before', async () => {
    transaction(100n, 'a', 'b', 'c');
    await settle();
    expect(broker.requests.map(({ keys }) => keys)).toEqual([['a', 'b', 'c']]);
    expect(confirmed).toEqual([]);
    broker.requests[0]?.answer();
    await settle();
    expect(confirmed).toEqual([100n]);
  });

  it('tells how long the broker has taken', async () => {
    const begun = performance.now();
    transaction(100n, 'a');
    await settle();
    broker.requests[0]?.answer();
    await settle();
    expect(took).toHaveLength(1);
    expect(took[0]).toBeGreaterThanOrEqual(0);
    expect(took[0]).toBeLessThanOrEqual(performance.now() - begun);
  });

  it('gathers what is committed while a request is on its way, and sends it as one, in commit order', async () => {
    transaction(100n, 'a');
    await settle();
    transaction(200n, 'b', 'c');
    transaction(300n, 'd');
    await settle();
    expect(broker.requests).toHaveLength(1);
    broker.requests[0]?.answer();
    await settle();
    expect(broker.requests[1]?.keys).toEqual(['b', 'c', 'd']);
    expect(confirmed).toEqual([100n]);
    broker.requests[1]?.answer();
    await settle();
    expect(confirmed).toEqual([100n, 300n]);
    expect(broker.mostOnTheWay).toBe(1);
  });

  it('publishes nothing of a transaction before its commit was read', async () => {
    shipment.data(begin(92n));
    shipment.data(insert(row('a')));
    await settle();
    expect(broker.requests).toEqual([]);
    shipment.data(commit(92n, 100n));
    await settle();
    expect(broker.requests[0]?.keys).toEqual(['a']);
  });

  it('sends a transaction too large for memory in pieces, and acknowledges it as a whole', async () => {
    shipment.data(begin(92n));
    for (let at = 0; at < 2_500; at += 1) shipment.data(insert(row(String(at))));
    await settle();
    broker.requests[0]?.answer();
    await settle();
    expect(confirmed).toEqual([]);
    shipment.data(commit(92n, 100n));
    while (broker.onTheWay > 0) {
      broker.requests.at(-1)?.answer();
      await settle();
    }
    expect(broker.requests.flatMap(({ keys }) => keys)).toEqual(Array.from({ length: 2_500 }, (_, at) => String(at)));
    expect(confirmed).toEqual([100n]);
  });

  it('answers a keepalive at once when nothing is waiting, so that an idle database keeps no log', () => {
    shipment.keepalive(500n);
    expect(confirmed).toEqual([500n]);
  });

  it('answers a keepalive behind the rows that came before it', async () => {
    transaction(100n, 'a');
    shipment.keepalive(500n);
    await settle();
    expect(confirmed).toEqual([]);
    broker.requests[0]?.answer();
    await settle();
    expect(confirmed).toEqual([500n]);
  });

  it('does not take a keepalive in the middle of a transaction for its end', () => {
    shipment.data(begin(92n));
    shipment.keepalive(500n);
    expect(confirmed).toEqual([]);
  });

  it('acknowledges a transaction without rows of the outbox', () => {
    shipment.data(relation('stock', 99));
    shipment.data(begin(92n));
    shipment.data(insert(row('not an event'), 99));
    shipment.data(commit(92n, 100n));
    expect(confirmed).toEqual([100n]);
    expect(broker.requests).toEqual([]);
  });

  it('keeps memory bounded while the broker is slow: holds the stream up, and lets it go on later', async () => {
    for (let at = 0; at < 10_001; at += 1) transaction(BigInt(at + 1) * 10n, String(at));
    await settle();
    expect(flow).toEqual(['pause']);
    while (broker.onTheWay > 0) {
      broker.requests.at(-1)?.answer();
      await settle();
    }
    expect(flow).toEqual(['pause', 'resume']);
    expect(Math.max(...broker.requests.map(({ keys }) => keys.length))).toBeLessThanOrEqual(1_000);
    expect(confirmed.at(-1)).toBe(100_010n);
  });

  it('holds the stream up by the size of what waits as well, and lets it go on when half of it is gone', async () => {
    const large = '00'.repeat(500_000);
    const gather = (id: string) => {
      shipment.data(begin(92n));
      shipment.data(insert(row(id, { payload: `\\x${large}` })));
      shipment.data(commit(92n, 100n));
    };
    gather('first');
    await settle();
    for (let at = 0; at < 15; at += 1) gather(String(at));
    expect(flow).toEqual([]);
    gather('one more');
    expect(flow).toEqual(['pause']);
    const resumedAt: number[] = [];
    while (broker.onTheWay > 0) {
      broker.requests.at(-1)?.answer();
      await settle();
      resumedAt.push(flow.length);
    }
    // One row to a request: when the first and nine of the sixteen others are answered, less than half of the bound waits.
    expect(resumedAt.indexOf(2)).toBe(9);
  });

  it('holds the stream up when ten thousand rows wait, and not before', async () => {
    transaction(5n, 'first');
    await settle();
    for (let at = 0; at < 9_999; at += 1) transaction(BigInt(at + 1) * 10n, String(at));
    expect(flow).toEqual([]);
    transaction(100_000n, 'the last');
    expect(flow).toEqual(['pause']);
    let answered = 0;
    for (; flow.length === 1; answered += 1) {
      broker.requests.at(-1)?.answer();
      await settle();
    }
    // The first row, and five requests of a thousand.
    expect(answered).toBe(6);
  });

  it('waits at its end for everything that it has received', async () => {
    transaction(100n, 'a');
    let drained = false;
    const end = shipment.drain().then(() => {
      drained = true;
    });
    await settle();
    expect(drained).toBe(false);
    broker.requests[0]?.answer();
    await end;
    expect(confirmed).toEqual([100n]);
  });

  it('hands a large transaction on in pieces of a thousand rows', async () => {
    shipment.data(begin(92n));
    for (let at = 0; at < 999; at += 1) shipment.data(insert(row(String(at))));
    await settle();
    expect(broker.requests).toEqual([]);
    shipment.data(insert(row('999')));
    await settle();
    expect(broker.requests[0]?.keys).toHaveLength(1_000);
  });

  it('says when the publisher gave up, and acknowledges nothing of it', async () => {
    transaction(100n, 'a');
    await settle();
    broker.requests[0]?.fail(new Error('closed'));
    await expect(shipment.failed).rejects.toThrow('closed');
    expect(confirmed).toEqual([]);
  });

  it('forgets what was not sent when its stream is gone, and waits for what was', async () => {
    transaction(100n, 'a');
    await settle();
    transaction(200n, 'b');
    let over = false;
    const abandoned = shipment.abandon().then(() => {
      over = true;
    });
    await settle();
    expect(over).toBe(false);
    broker.requests[0]?.answer();
    await abandoned;
    await settle();
    expect(broker.requests).toHaveLength(1);
  });
});
