import { describe, expect, it } from '@jest/globals';
import { BrokerWatch } from '../../src/asking/broker-watch.ts';
import { History, Rate } from '../../src/asking/history.ts';
import { rounds } from '../../src/asking/rounds.ts';
import { ServiceWatch } from '../../src/asking/service-watch.ts';
import { page, refusesToConnect, StandInCluster, says, stored, T } from './asked.ts';

const at = (second: number) => new Date(Date.parse(T) + second * 1_000);
const service = { name: 'inventory', doc: '', url: 'http://inventory.invalid' };

describe('a service that is watched', () => {
  it('stands as it says, since it was first seen so', () => {
    const watch = new ServiceWatch(service);
    expect(watch.seen).toMatchObject({ standing: 'away', reason: 'it was not asked yet' });
    watch.heard(says(page('inventory')), at(0));
    watch.heard(says(page('inventory')), at(5));
    expect(watch.seen).toMatchObject({ standing: 'ready', since: at(0).toISOString(), reason: null });
  });

  it('is not ready since the first of its reasons, as it says itself', () => {
    const watch = new ServiceWatch(service);
    const reasons = [
      { part: 'relay', reason: 'b', since: at(3).toISOString() },
      { part: 'kafka', reason: 'a', since: at(1).toISOString() },
    ];
    watch.heard(says(page('inventory', { reasons })), at(10));
    expect(watch.seen).toMatchObject({ standing: 'not ready', since: at(1).toISOString() });
  });

  it('is away when it does not answer, or something else answers there; what it said last is kept', () => {
    const watch = new ServiceWatch(service);
    watch.heard(says(page('inventory')), at(0));
    watch.heard(refusesToConnect, at(1));
    watch.heard(refusesToConnect, at(2));
    expect(watch.seen).toMatchObject({
      standing: 'away',
      since: at(1).toISOString(),
      reason: refusesToConnect.kind === 'no answer' ? refusesToConnect.reason : '',
    });
    expect(watch.seen.page?.service).toBe('inventory');
    watch.heard(says({ live: true }), at(3));
    expect(watch.seen.reason).toBe('what answers there is no service of this version');
    watch.heard(says(undefined, 404), at(4));
    expect(watch.seen).toMatchObject({ since: at(1).toISOString(), reason: 'it answers 404' });
  });

  it('shows that a process was replaced by another', () => {
    const watch = new ServiceWatch(service);
    watch.heard(says(page('inventory')), at(0));
    watch.heard(refusesToConnect, at(1));
    watch.heard(says(page('inventory', { instance: { id: 'host:2', host: 'host', pid: 2 } })), at(4));
    expect(watch.seen.instances).toEqual([
      { id: 'host:2', host: 'host', upSince: page('inventory').startedAt, endedAt: null },
      { id: 'host:inventory', host: 'host', upSince: page('inventory').startedAt, endedAt: at(1).toISOString() },
    ]);
  });

  it('keeps the highest of each five seconds of its outbox', () => {
    const watch = new ServiceWatch(service);
    const waiting = (unpublished: number) =>
      says(page('inventory', { stored: { ...stored, outbox: { ...stored.outbox, unpublished } } }));
    for (const [second, count] of [
      [0, 3],
      [1, 9],
      [2, 4],
      [6, 1],
    ] as const)
      watch.heard(waiting(count), at(second + 1));
    expect(watch.seen.outboxHistory).toEqual([9, 1]);
  });
});

describe('the brokers that are watched', () => {
  const watched = { topics: ['order.events'], groups: ['payment'] };

  it('tell how far a group is behind, and since when it has no member', async () => {
    const cluster = new StandInCluster();
    const watch = new BrokerWatch(cluster, watched);
    cluster.ends = { 'order.events': ['10', '5'] };
    cluster.committed = { payment: { 'order.events/0': '7', 'order.events/1': '5' } };
    await watch.look(() => at(0));
    expect(watch.lagHistory('payment', 'order.events')).toEqual([3]);
    expect(watch.noMemberSince('payment')).toBeNull();
    cluster.members = { payment: 0 };
    await watch.look(() => at(1));
    await watch.look(() => at(2));
    expect(watch.noMemberSince('payment')).toBe(at(1).toISOString());
    cluster.members = { payment: 2 };
    await watch.look(() => at(3));
    expect(watch.noMemberSince('payment')).toBeNull();
  });

  it('are asked for quiet topics with every fifth look', async () => {
    const cluster = new StandInCluster();
    const asked: (readonly string[])[] = [];
    const topics = cluster.topics.bind(cluster);
    cluster.topics = (names) => {
      asked.push(names);
      return topics(names);
    };
    const watch = new BrokerWatch(cluster, { ...watched, quiet: ['order.dlq'] });
    for (let look = 0; look < 6; look += 1) await watch.look(() => at(look));
    expect(asked.map((names) => names.includes('order.dlq'))).toEqual([true, false, false, false, false, true]);
    expect(watch.topic('order.dlq').partitions).toHaveLength(1);
  });

  it('are away since they did not answer first, and keep what they said', async () => {
    const cluster = new StandInCluster();
    const watch = new BrokerWatch(cluster, watched);
    await watch.look(() => at(0));
    cluster.away = true;
    await watch.look();
    const { awaySince } = watch.reached;
    expect(watch.reached.reason).toBe('connect ECONNREFUSED 127.0.0.1:9092');
    await watch.look();
    expect(watch.reached.awaySince).toBe(awaySince);
    expect(watch.group('payment')?.members).toHaveLength(1);
    cluster.away = false;
    await watch.look();
    expect(watch.reached).toEqual({ awaySince: null, reason: null });
  });
});

describe('what is remembered', () => {
  it('has a bound', () => {
    const history = new History();
    for (let second = 0; second < 1_000; second += 5) history.add(second, second * 1_000);
    expect(history.values).toHaveLength(60);
    expect(history.values.at(-1)).toBe(995);
  });

  it('tells how fast something rises', () => {
    const rate = new Rate(10_000);
    expect(rate.perSecond).toBe(0);
    rate.add(100n, 0);
    rate.add(150n, 5_000);
    expect(rate.perSecond).toBe(10);
    rate.add(150n, 20_000);
    expect(rate.perSecond).toBe(0);
  });
});

describe('rounds', () => {
  it('never overlap, and go on after one that failed', async () => {
    let under = 0;
    let most = 0;
    let done = 0;
    const work = rounds(1, async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setTimeout(resolve, 20));
      under -= 1;
      done += 1;
      throw new Error('it is away');
    });
    work.start();
    await new Promise((resolve) => setTimeout(resolve, 250));
    await work.stop();
    const atStop = done;
    expect([most, done > 1]).toEqual([1, true]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done).toBe(atStop);
  });
});
