import { describe, expect, it } from '@jest/globals';
import { servicesView } from '../../src/api/services/services-view.ts';
import type { Asking } from '../../src/asking/asking.ts';
import { asking, page, refusesToConnect, StandInCluster, says, stored, T, tell } from '../asking/asked.ts';

const now = Date.parse(T) + 60_000;
const view = (of: Asking) => servicesView({ asking: of, now: () => now });

const reason = (part: string) => ({ part, reason: `10 calls of ${part} in a row had no answer.`, since: T });

describe('the services', () => {
  it('raise no alarm while all is well', () => {
    const { services, alarm, around } = view(asking());
    expect(services.map(({ standing }) => standing)).toEqual(services.map(() => 'ready'));
    expect(alarm).toBeNull();
    expect(around.map(({ name }) => name)).toEqual(
      ['Kafka', 'Schema registry', 'PostgreSQL', 'provider', 'This console'].map((name) =>
        name === 'provider' ? 'Payment provider' : name,
      ),
    );
  });

  it('stand with the broken one first, and what only follows from it behind', async () => {
    const cluster = new StandInCluster();
    cluster.ends = { 'payment.events': ['1204'] };
    cluster.committed = { inventory: { 'payment.events/0': '0' } };
    const of = asking(cluster);
    await of.broker.look(() => new Date(T));
    tell(of, 'order', says(page('order', { reasons: [reason('inventory')] })));
    tell(of, 'shipping', says(page('shipping', { reasons: [reason('carrier')] })));
    tell(of, 'inventory', refusesToConnect);
    const { services, alarm } = view(of);
    expect(services.slice(0, 3).map(({ name, followsFrom }) => [name, followsFrom])).toEqual([
      ['inventory', null],
      ['shipping', null],
      ['order', 'inventory'],
    ]);
    expect(alarm?.sentence).toBe('**inventory** has not answered for 1 min: 1,204 messages wait for it.');
    expect(alarm?.known).toContain('connect ECONNREFUSED');
    expect(alarm?.actions[0]).toEqual({ kind: 'link', label: 'Show inventory', href: '/services?open=inventory' });
  });

  it('have a trouble of their own when one of their reasons is', () => {
    const of = asking();
    tell(of, 'inventory', refusesToConnect);
    tell(of, 'order', says(page('order', { reasons: [reason('inventory'), reason('database')] })));
    expect(view(of).services.find(({ name }) => name === 'order')?.followsFrom).toBeNull();
  });

  it('follow from Kafka when it is away, which is the alarm then', async () => {
    const cluster = new StandInCluster();
    const of = asking(cluster);
    cluster.away = true;
    await of.broker.look();
    tell(of, 'payment', says(page('payment', { reasons: [reason('kafka')] })));
    const { services, alarm } = view(of);
    expect(services[0]).toMatchObject({ name: 'payment', followsFrom: 'Kafka' });
    expect(alarm?.sentence).toMatch(/^\*\*Kafka\*\* has not answered for /);
  });

  it('follow from the provider when the calls of payment to it have no answer', async () => {
    const of = asking();
    await of.partners[0]?.look();
    const circuits = [
      { name: 'Charge', state: 'open' as const, since: T, nextTryAt: T, lastError: 'ECONNREFUSED', p50Ms: null },
    ];
    tell(of, 'payment', says(page('payment', { reasons: [reason('Charge')], circuits })));
    tell(of, 'order', says(page('order', { reasons: [reason('Charge')] })));
    const found = view(of).services.map(({ name, followsFrom }) => [name, followsFrom]);
    expect(found.slice(0, 2)).toEqual([
      ['order', null],
      ['payment', 'provider'],
    ]);
  });

  it('show how far each is behind, topic by topic, and how old its outbox is', async () => {
    const cluster = new StandInCluster();
    cluster.ends = { 'order.events': ['10', '5'] };
    cluster.committed = { payment: { 'order.events/0': '7' } };
    const of = asking(cluster);
    await of.broker.look(() => new Date(T));
    const oldestAt = new Date(now - 4_000).toISOString();
    tell(
      of,
      'payment',
      says(page('payment', { stored: { ...stored, outbox: { ...stored.outbox, unpublished: 2, oldestAt } } })),
    );
    const payment = view(of).services.find(({ name }) => name === 'payment');
    expect(payment).toMatchObject({
      outbox: { unpublished: 2, oldestAt },
      relay: { kind: 'logical', behindMs: 4_000 },
      lag: [{ topic: 'order.events', behind: 8, partitions: [{ behind: 3 }, { committed: '0', behind: 5 }] }],
    });
  });

  it('that answer and read nothing are told, when something waits for them', async () => {
    const cluster = new StandInCluster();
    cluster.ends = { 'order.events': ['10'] };
    cluster.committed = { payment: { 'order.events/0': '7' } };
    cluster.members = { payment: 0 };
    const of = asking(cluster);
    await of.broker.look(() => new Date(T));
    expect(view(of).alarm?.sentence).toBe(
      '**payment** answers, but has read nothing for 1 min: 3 messages wait for it.',
    );
  });
});
