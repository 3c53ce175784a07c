import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Journal } from '../src/server/journal.ts';
import { cleanUp, folder } from './running.ts';

const output: string[] = [];
beforeEach(() => {
  output.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  return cleanUp();
});

async function entriesOf(path: string, rotateAfter?: number): Promise<unknown[]> {
  const entries: unknown[] = [];
  const journal = await Journal.open(path, (entry) => entries.push(entry), rotateAfter);
  await journal.close();
  return entries;
}

describe('the journal', () => {
  it('gives back every entry, in order, also when many were appended at once', async () => {
    const path = join(folder(), 'j');
    const journal = await Journal.open<number>(path, () => {});
    const numbers = Array.from({ length: 1000 }, (_, n) => n);
    await Promise.all(numbers.map((n) => journal.append(n)));
    await journal.close();
    expect(await entriesOf(path)).toEqual(numbers);
  });

  it('has the line in the file when append resolves', async () => {
    const path = join(folder(), 'j');
    const journal = await Journal.open<string>(path, () => {});
    await journal.append('first');
    expect(readFileSync(path, 'utf8')).toBe('"first"\n');
    await journal.close();
  });

  it.each([
    ['a torn last line', '{"n":3,"te'],
    ['a last line that is not JSON', '{"n":3,"te\n'],
    ['half a character', Buffer.from('{"n":"é').subarray(0, 7)],
  ])('cuts off %s and goes on behind the last whole one', async (_, tail) => {
    const path = join(folder(), 'j');
    writeFileSync(path, '{"n":1}\n{"n":2}\n');
    appendFileSync(path, tail);
    const journal = await Journal.open<unknown>(path, () => {});
    await journal.append({ n: 4 });
    await journal.close();
    expect(await entriesOf(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
    expect(output.join('')).toContain('torn last line');
  });

  it('keeps every whole entry, wherever the file was torn', async () => {
    const path = join(folder(), 'j');
    const whole = '{"n":1}\n{"n":2}\n{"n":3}\n';
    for (let bytes = 0; bytes <= whole.length; bytes += 1) {
      writeFileSync(path, whole);
      truncateSync(path, bytes);
      expect(await entriesOf(path)).toHaveLength(Math.floor(bytes / 8));
    }
  });

  it('reads files larger than its buffer', async () => {
    const path = join(folder(), 'j');
    const long = 'ü'.repeat(700_000);
    writeFileSync(path, `${JSON.stringify(long)}\n${JSON.stringify(long)}\n"end"\n`);
    expect(await entriesOf(path)).toEqual([long, long, 'end']);
  });

  it('refuses a file that is damaged in the middle, and changes nothing', async () => {
    const path = join(folder(), 'j');
    writeFileSync(path, '1\n{oops\n3\n');
    await expect(entriesOf(path)).rejects.toThrow('Line 2');
    expect(readFileSync(path, 'utf8')).toBe('1\n{oops\n3\n');
  });

  it('begins a new file after so many lines and keeps at least as many of the newest', async () => {
    const path = join(folder(), 'j');
    const journal = await Journal.open<number>(path, () => {}, 10);
    for (let n = 1; n <= 25; n += 1) await journal.append(n);
    await journal.close();
    expect(existsSync(`${path}.1`)).toBe(true);
    expect(await entriesOf(path, 10)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
  });
});
