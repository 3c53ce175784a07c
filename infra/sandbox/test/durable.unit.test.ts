import { readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Bookings } from '../src/bookings.ts';
import { Ledger } from '../src/ledger.ts';
import { Mailbox } from '../src/messages.ts';
import { Journal } from '../src/server/journal.ts';
import { cleanUp, folder } from './running.ts';

afterEach(async () => {
  jest.restoreAllMocks();
  for (const store of stores.splice(0)) await store.close();
  await cleanUp();
});

/** Takes the place of the disk's `fdatasync` in every file of this process. */
async function diskThat(datasync: () => Promise<void>): Promise<jest.SpiedFunction<FileHandle['datasync']>> {
  const file = await open(join(folder(), 'any'), 'w');
  await file.close();
  return jest.spyOn(Object.getPrototypeOf(file) as FileHandle, 'datasync').mockImplementation(datasync);
}

const charge = { amount: 1, currency: 'USD', token: 'tok_ok', reference: 'order-1' };
const message = { messageId: '1', to: ['ada@x.example'], subject: '', text: '', receivedAt: '' };

/** Opens a store in a folder, works with it, and closes it when the test ends. */
function using<Store extends { close(): Promise<void> }>(
  openIn: (dir: string) => Promise<Store>,
  work: (store: Store) => Promise<unknown>,
) {
  return async (dir: string) => {
    const store = await openIn(dir);
    stores.push(store);
    return work(store);
  };
}
const stores: { close(): Promise<void> }[] = [];

describe('an answer waits for the disk', () => {
  it.each([
    ['a charge', using(Ledger.open, (ledger) => ledger.charge('k', charge, undefined))],
    ['a refused refund', using(Ledger.open, (ledger) => ledger.refuseRefund('k', refund, no))],
    ['a refund', using(Ledger.open, (ledger) => ledger.refund('k', refund))],
    ['a booking', using(Bookings.open, (bookings) => bookings.add('k', { reference: '1', items: [] }, 'booked'))],
    ['an e-mail', using(Mailbox.open, (mailbox) => mailbox.receive(message))],
  ])('%s', async (_, work) => {
    let flushed: () => void = () => {};
    const flush = new Promise<void>((resolve) => {
      flushed = resolve;
    });
    let asked: () => void = () => {};
    const reached = new Promise<void>((resolve) => {
      asked = resolve;
    });
    await diskThat(() => {
      asked();
      return flush;
    });
    let answered = false;
    const answer = work(folder()).then(() => {
      answered = true;
    });
    await reached;
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toBe(false);
    flushed();
    await answer;
  });
});

const refund = { charge: 'ch_1', amount: 1, reference: 'order-1' };
const no = { code: 'refund_refused', message: 'no' };

describe('a disk that fails', () => {
  it('fails the appends that it hit, leaves the file as it was, and later appends succeed', async () => {
    const path = join(folder(), 'j');
    const journal = await Journal.open<string>(path, () => {});
    await journal.append('before');
    const disk = await diskThat(() => Promise.reject(new Error('ENOSPC')));
    await expect(journal.append('lost')).rejects.toThrow('ENOSPC');
    expect(readFileSync(path, 'utf8')).toBe('"before"\n');
    disk.mockRestore();
    await journal.append('after');
    await journal.close();
    expect(readFileSync(path, 'utf8')).toBe('"before"\n"after"\n');
  });

  it('does not count a refund that was not stored', async () => {
    const ledger = await Ledger.open(folder());
    const disk = await diskThat(() => Promise.reject(new Error('ENOSPC')));
    await expect(ledger.refund('k', refund)).rejects.toThrow('ENOSPC');
    expect(ledger.refundedOf('ch_1')).toBe(0);
    disk.mockRestore();
    await ledger.refund('k', refund);
    expect(ledger.refundedOf('ch_1')).toBe(1);
    await ledger.close();
  });

  it('flushes once for the answers that came together', async () => {
    const journal = await Journal.open<number>(join(folder(), 'j'), () => {});
    const disk = await diskThat(() => Promise.resolve());
    await Promise.all(Array.from({ length: 500 }, (_, n) => journal.append(n)));
    expect(disk.mock.calls.length).toBeLessThanOrEqual(2);
    await journal.close();
  });
});
