import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type AnyEventType, events, eventType, type KeyedSchema } from '@troupe/schemas';
import { type History, locked, readHistory, rolledOut } from '@troupe/schemas/evolution';
import { hearers } from '../src/schemas/hearers.ts';
import { checked, recordLines, repositoryLines } from '../src/schemas/lines.ts';

const heard = await hearers();
const EVENT = 'troupe.payment.PaymentFailed';

describe('The schemas of this repository', () => {
  it('are in the history, with everybody who hears them, and can be read by all of them', () => {
    const found = checked(readHistory(), { events, hearers: heard });
    expect(repositoryLines(readHistory(), found).filter((line) => line.startsWith('✗'))).toEqual([]);
  });
});

describe('What the records in the topics showed', () => {
  const fault = {
    topic: 'payment.events',
    partition: 3,
    offset: '17',
    schemaId: 9,
    event: EVENT,
    service: 'order',
    version: 2,
    field: 'detail',
    reason: 'FIELD_MISSING (written: -, read: string)',
  };

  const none = { records: 60, written: [], read: [], faults: [], foreign: [] };

  it('names topic, partition, offset, schema, service and field of what cannot be read', () => {
    expect(recordLines({ ...none, faults: [fault] })).toContain(
      '✗ payment.events/3@17 (schema 9): order cannot read PaymentFailed as version 2, field detail: FIELD_MISSING (written: -, read: string)',
    );
  });

  it('names fifty places, and counts the rest', () => {
    const lines = recordLines({ ...none, faults: Array(60).fill(fault) });
    expect(lines.filter((line) => line.startsWith('✗ payment.events'))).toHaveLength(50);
    expect(lines.slice(-2)).toEqual([
      '  … and 10 more; --json names all.',
      '✗ 60 times a reader cannot read a record.',
    ]);
  });

  it('counts what was written with each schema, and says who reads it', () => {
    const written = [9, 2].map((schemaId) => ({ event: EVENT, schemaId, records: 30 }));
    const read = [2, 1].map((version) => ({ service: 'order', event: EVENT, version, records: 60 }));
    expect(recordLines({ ...none, written, read })).toEqual([
      '60 records in the topics.',
      '  PaymentFailed: 30 with schema 2, 30 with schema 9; read by order (1, 2)',
      '✓ Every reader can read them.',
    ]);
  });

  it('is no success when the registry has lost a schema; what is no event at all does not count', () => {
    const foreign = {
      topic: 'order.events',
      partition: 0,
      offset: '1',
      records: 1,
      reason: 'The registry has no schema 99.',
    };
    const lost = recordLines({ ...none, foreign: [{ ...foreign, code: 'SCHEMA_UNKNOWN' }] });
    expect(lost.at(-1)).toBe('✗ The registry lacks schemas that records were written with: restore them.');
    const text = recordLines({ ...none, foreign: [{ ...foreign, code: 'NOT_CONFLUENT_AVRO' }] });
    expect(text.at(-1)).toBe('✓ Every reader can read them.');
  });
});

/**
 * The page's example, done as the page says: its diffs on a copy of the schema, its commands on a copy of the history. It
 * begins with version 2, so that it holds whatever becomes of PaymentFailed.
 */
describe('docs/schemas.md', () => {
  const page = readFileSync(new URL('../../docs/schemas.md', import.meta.url), 'utf8');
  const [, example = ''] = page.split('## An example');
  const steps = example
    .split(/^\*\*(?=[^*]+\.\*\*)/m)
    .slice(1)
    .map((part) => ({
      title: /^([^*]+)\.\*\*/.exec(part)?.[1] ?? '',
      diff: /^```diff\n([\s\S]*?)^```/m.exec(part)?.[1],
      command: /^```sh\n([\s\S]*?)^```/m.exec(part)?.[1]?.trim() ?? '',
      shown: /^```text\n([\s\S]*?)^```/m.exec(part)?.[1] ?? '',
    }));

  const start = (): { text: string; history: History } => {
    const { versions, lock, reads } = readHistory();
    const isBefore = ({ event, version }: { event: string; version: number }) => event !== EVENT || version <= 2;
    return {
      text: readFileSync(new URL('../../schemas/history/payment/PaymentFailed.v2.avsc', import.meta.url), 'utf8'),
      history: {
        versions: versions.filter(isBefore),
        lock: lock.filter(isBefore),
        reads: { ...reads, order: { ...reads.order, [EVENT]: [1, 2] } },
      },
    };
  };

  /** The lines of a diff as they were, or as they are to be. */
  const side = (diff: string, sign: '-' | '+'): string =>
    diff
      .split('\n')
      .filter((line) => line.startsWith(' ') || line.startsWith(sign))
      .map((line) => line.slice(1))
      .join('\n');

  function patched(text: string, diff: string): string {
    const before = side(diff, '-');
    expect(text.split(before)).toHaveLength(2);
    return text.replace(before, () => side(diff, '+'));
  }

  const laidOut = (text: string): string => `${JSON.stringify(JSON.parse(text), null, 2)}\n`;

  function run(command: string, history: History, text: string): { history: History; lines: string[] } {
    const changed = eventType('PaymentFailed', 'payment', JSON.parse(text) as KeyedSchema) as AnyEventType;
    const now = { events: events.map((event) => (event.fullName === EVENT ? changed : event)), hearers: heard };
    const after =
      command === 'npm run schemas -- --lock'
        ? locked(history, now)
        : rolledOut(history, [
            /^npm run schemas -- --rolled-out (\w+)$/.exec(command)?.[1] ?? `not a command: ${command}`,
          ]);
    const found = checked(after, now);
    return { history: found.refusals.length > 0 ? history : after, lines: repositoryLines(after, found) };
  }

  it('shows a shortcut and three steps', () => {
    expect(steps.map(({ title }) => title)).toEqual([
      'Not so',
      'Step 1: add',
      'Step 2: move the readers',
      'Step 3: remove',
    ]);
  });

  it('shows the refusal of the shortcut as it is', () => {
    const [shortcut] = steps;
    const { text, history } = start();
    const { lines, history: after } = run(shortcut?.command ?? '', history, patched(text, shortcut?.diff ?? ''));
    expect(`${lines.join('\n')}\n`).toBe(shortcut?.shown);
    expect(after).toBe(history);
  });

  it('shows steps of which each is accepted, and that end where the shortcut wanted to be', () => {
    let { text, history } = start();
    for (const { diff, command, shown, title } of steps.slice(1)) {
      if (diff !== undefined) text = laidOut(patched(text, diff));
      const done = run(command, history, text);
      expect({ title, shown }).toEqual({ title, shown: `${done.lines[0]}\n` });
      history = done.history;
    }
    const names = (JSON.parse(text) as { fields: { name: string }[] }).fields.map(({ name }) => name);
    expect(names).toEqual(['orderId', 'reason', 'explanation']);
    expect(history.reads.order?.[EVENT]).toEqual([3, 4]);
  });

  it('has no step that can be left out', () => {
    for (const missing of ['Step 1: add', 'Step 2: move the readers']) {
      let { text, history } = start();
      const refused: string[] = [];
      for (const { diff, command, title } of steps.slice(1)) {
        // Without step 1 the last diff does not fit: the shortcut is what is left.
        const wanted = missing === 'Step 1: add' && title === 'Step 3: remove' ? steps[0]?.diff : diff;
        if (title === missing) continue;
        if (wanted !== undefined) text = laidOut(patched(text, wanted));
        const done = run(command, history, text);
        history = done.history;
        refused.push(...done.lines.filter((line) => line.startsWith('✗')));
      }
      expect(refused.length).toBeGreaterThan(0);
    }
  });
});
