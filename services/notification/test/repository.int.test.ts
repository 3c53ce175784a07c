import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClonedDatabase, cloneWithClient, statementsOf } from '@troupe/chassis/testing';
import { PrismaClient } from '@troupe/notification-database';
import type { Notification } from '../src/notification.ts';
import { notificationRepository, notifications, notificationsOf } from '../src/repository.ts';

let clone: ClonedDatabase & { readonly database: PrismaClient };
beforeAll(async () => {
  clone = await cloneWithClient('notification', (adapter) => new PrismaClient({ adapter }));
});
afterAll(() => clone.drop());

const save = (rows: readonly Notification[]) =>
  clone.database.$transaction((tx) => notificationRepository.save(tx, keyed(rows)));
const load = (keys: readonly string[]) => clone.database.$transaction((tx) => notificationRepository.load(tx, keys));
const keyed = (rows: readonly Notification[]) => new Map(rows.flatMap((row) => [...notifications.rowsOf(row)]));

function pending(orderId: string = randomUUID()): Notification {
  return {
    id: randomUUID(),
    orderId,
    template: 'ORDER_CONFIRMED',
    recipient: 'demo@customers.troupe.example',
    subject: 'Your order is on its way',
    status: 'PENDING',
  };
}

describe('what is saved', () => {
  it('is loaded again as it was, whatever its status', async () => {
    const orderId = randomUUID();
    const rows: Notification[] = [
      pending(orderId),
      { ...pending(orderId), template: 'ORDER_CANCELLED', status: 'SENT' },
      { ...pending(orderId), template: 'APPROVAL_REQUIRED', status: 'FAILED', detail: '550 no such user' },
    ];
    await save(rows);
    const loaded = await load([...keyed(rows).keys(), `${randomUUID()}/ORDER_CONFIRMED`]);
    expect(loaded.size).toBe(3);
    for (const [key, row] of keyed(rows)) expect(loaded.get(key)).toMatchObject(row);
    expect(await notificationsOf(clone.database, orderId)).toHaveLength(3);
  });

  it('is one message of a template for each order, and keeps its recipient', async () => {
    const first = pending();
    await save([first]);
    await save([{ ...first, recipient: 'another', status: 'SENT' }]);
    expect(await notificationsOf(clone.database, first.orderId)).toMatchObject([{ ...first, status: 'SENT' }]);
  });

  it('is refused by the database itself when a customer was to be told twice, however the order is spelled', async () => {
    const sent: Notification = { ...pending(), status: 'SENT' };
    await save([sent]);
    for (const orderId of [sent.orderId, sent.orderId.toUpperCase()]) {
      await expect(save([pending(orderId)])).rejects.toThrow('was told ORDER_CONFIRMED already, which is SENT');
    }
    expect(await notificationsOf(clone.database, sent.orderId)).toMatchObject([sent]);
  });
});

describe('a batch', () => {
  const batch = (count: number) => {
    const rows = Array.from({ length: count }, () => pending());
    return statementsOf(clone.database, async (tx) => {
      await notificationRepository.load(tx, [...keyed(rows).keys()]);
      await notificationRepository.save(tx, keyed(rows));
    });
  };

  it('of 500 takes as many statements as one of 5', async () => {
    expect(await batch(5)).toBe(2);
    expect(await batch(500)).toBe(2);
  });
});
