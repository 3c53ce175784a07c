import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AnyEventType, eventType } from '../../src/event-type.ts';
import { historyFolder, readHistory, writeHistory } from '../../src/evolution/history.ts';
import { historyFaults } from '../../src/evolution/history-faults.ts';
import { type Locking, locked, rolledOut } from '../../src/evolution/lock.ts';
import { readersIn, refusalsIn } from '../../src/evolution/refusals.ts';
import { events, OrderCancelled, PaymentFailed } from '../../src/generated/events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'troupe-history-'));
  cpSync(historyFolder, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Who hears what, as the history has it. */
const hearers = () =>
  new Map(Object.entries(readHistory().reads).map(([service, read]) => [service, Object.keys(read)]));
const now = (changed: readonly AnyEventType[] = []): Locking => ({
  events: events.map((event) => changed.find(({ fullName }) => fullName === event.fullName) ?? event),
  hearers: hearers(),
});
const faults = (locking = now()): string[] => historyFaults(readHistory(folder), locking);

/** PaymentFailed as its next version may be. */
const changed = eventType('PaymentFailed', 'payment', {
  ...PaymentFailed.schema,
  key: PaymentFailed.key,
  fields: [...(PaymentFailed.schema.fields as object[]), { name: 'note', type: 'string', default: '', doc: 'A note.' }],
});
const before = 'schemas/history/payment/PaymentFailed.v1.avsc';
const first = () => path.join(folder, 'payment/PaymentFailed.v1.avsc');
const lockFile = () => path.join(folder, 'released.lock');
const withoutLine = (line: RegExp) => writeFileSync(lockFile(), readFileSync(lockFile(), 'utf8').replace(line, ''));

describe('the history of this repository', () => {
  it('has every schema as it is now, and everything that was released', () => {
    expect(historyFaults(readHistory(), now())).toEqual([]);
  });

  it('holds versions that every service which may run can read', () => {
    expect(refusalsIn(readHistory())).toEqual([]);
    expect(readersIn(readHistory()).length).toBeGreaterThan(events.length);
  });

  it('has the versions of the first month: 25 of 17 events', () => {
    const released = readHistory().versions;
    expect(released.length).toBeGreaterThanOrEqual(25);
    expect(new Set(released.map(({ event }) => event)).size).toBeGreaterThanOrEqual(17);
  });
});

it('a history that is not there is no empty one', () => {
  expect(() => readHistory(path.join(folder, 'elsewhere'))).toThrow(/is missing\. Deploy schemas\/history/);
});

describe('a changed schema', () => {
  it('that is not in the history is a fault, with the command', () => {
    expect(faults(now([changed]))).toEqual([
      'The schema of PaymentFailed differs from version 2 and is not in schemas/history. Run `npm run schemas -- --lock`, and commit.',
    ]);
  });

  it('is taken in as a version of its own; files and lines of earlier ones stay as they are', () => {
    const files = () => readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const [filesBefore, linesBefore] = [files(), readFileSync(lockFile(), 'utf8').split('\n')];
    writeHistory(locked(readHistory(folder), now([changed])), folder);
    expect(faults(now([changed]))).toEqual([]);
    expect(files().filter((file) => !filesBefore.includes(file))).toEqual(['payment/PaymentFailed.v3.avsc']);
    expect(readFileSync(lockFile(), 'utf8').split('\n')).toEqual(expect.arrayContaining(linesBefore));
  });

  it('is read with its new version and, as long as a deployment runs, with those before', () => {
    const history = locked(readHistory(folder), now([changed]));
    expect(history.reads.order?.['troupe.payment.PaymentFailed']).toEqual([1, 2, 3]);
    const { reads } = rolledOut(history, ['order']);
    expect(reads.order?.['troupe.payment.PaymentFailed']).toEqual([3]);
    expect(reads.payment).toEqual(history.reads.payment);
  });

  it('that changes nothing of the registered form or the key makes no version', () => {
    expect(locked(readHistory(folder), now())).toEqual(readHistory(folder));
  });

  it('that changes the key alone makes one', () => {
    const { versions } = locked(
      readHistory(folder),
      now([eventType('PaymentFailed', 'payment', { ...PaymentFailed.schema, key: 'detail' })]),
    );
    expect(versions.filter(({ event }) => event === PaymentFailed.fullName).map(({ key }) => key)).toEqual([
      'orderId',
      'orderId',
      'detail',
    ]);
  });
});

describe('a released version', () => {
  it('that was edited is a fault', () => {
    writeFileSync(first(), readFileSync(first(), 'utf8').replace('no money', 'not a cent'));
    expect(faults()).toEqual([`${before} was edited after its release. Restore it, and change schemas/avro instead.`]);
  });

  it('whose key was edited is a fault', () => {
    writeFileSync(first(), readFileSync(first(), 'utf8').replace('"key": "orderId"', '"key": "detail"'));
    expect(faults()).toEqual([`${before} was edited after its release. Restore it, and change schemas/avro instead.`]);
  });

  it('that was removed is a fault', () => {
    rmSync(first());
    expect(faults()).toContain(`${before} was removed, and version 1 was released. Restore the file.`);
  });

  it('whose line was removed is a fault', () => {
    withoutLine(/^troupe\.payment\.PaymentFailed 1 .*\n/m);
    expect(faults()).toEqual(['released.lock has no line for payment/PaymentFailed.v1.avsc. Restore the line.']);
  });

  it('that was removed with its line is a fault, where a later one is left', () => {
    rmSync(first());
    withoutLine(/^troupe\.payment\.PaymentFailed 1 .*\n/m);
    expect(faults()).toEqual([
      'There is payment/PaymentFailed.v2.avsc and no version 1 before it. Restore the version that was removed.',
      'readers.json says that order reads PaymentFailed with version 1, which is not in schemas/history. Restore it there.',
    ]);
  });

  it('may be laid out otherwise: its layout is registered nowhere', () => {
    writeFileSync(first(), JSON.stringify(JSON.parse(readFileSync(first(), 'utf8'))));
    expect(faults()).toEqual([]);
  });
});

describe('who reads', () => {
  it('is each service with every version that an instance of it may run with, and watch with the latest', () => {
    const readers = readersIn(readHistory(folder)).filter(({ event }) => event === PaymentFailed.fullName);
    expect(readers.map(({ service, version }) => [service, version])).toEqual([
      ['order', 1],
      ['order', 2],
      ['watch', 2],
    ]);
  });

  const heardToo = (service: string, event: AnyEventType): Locking => {
    const { events: all, hearers: heard } = now();
    return { events: all, hearers: new Map([...heard, [service, [...(heard.get(service) ?? []), event.fullName]]]) };
  };

  it('is a fault when a service hears what the history does not say', () => {
    expect(faults(heardToo('shipping', PaymentFailed))).toEqual([
      'readers.json does not say that shipping reads PaymentFailed with its latest version. Run `npm run schemas -- --lock`.',
    ]);
  });

  it('is a fault when the history says what a service no longer hears', () => {
    const locking = now();
    const without = {
      ...locking,
      hearers: new Map([...locking.hearers, ['shipping', ['troupe.inventory.InventoryReserved']]]),
    };
    expect(faults(without)).toEqual([
      'readers.json says that shipping reads OrderCancelled, which it does not hear. Run `npm run schemas -- --lock`.',
    ]);
    const relocked = locked(readHistory(folder), without);
    expect(relocked.reads.shipping).not.toHaveProperty([OrderCancelled.fullName]);
  });

  it('is a fault when a service reads with a version that was never released', () => {
    const file = path.join(folder, 'readers.json');
    const text = readFileSync(file, 'utf8').replace(
      '"troupe.order.OrderConfirmed": [1]',
      '"troupe.order.OrderConfirmed": [1, 7]',
    );
    writeFileSync(file, text);
    expect(faults()).toEqual([
      'readers.json says that inventory reads OrderConfirmed with version 7, which is not in schemas/history. Restore it there.',
    ]);
  });
});
