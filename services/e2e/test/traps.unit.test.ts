import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const docs = new URL('../../../docs/', import.meta.url);

interface Held {
  readonly trap: string;
  readonly file: URL;
  /** Words of the test's title. */
  readonly words: string;
}

const page = readFileSync(new URL('traps.md', docs), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (trap|fault|-)/.test(line));

/** `[name](../file) "words"; "more words of the same file"`, the last cell of a row. */
function heldBy(row: string): Held[] {
  const cells = row.split('|').map((cell) => cell.trim());
  const [trap = '', last = ''] = [cells[1], cells.at(-2)];
  return [...last.matchAll(/\]\((\S+)\)((?:;? ?"[^"]+")+)/g)].flatMap(([, file = '', titles = '']) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, words = '']) => ({ trap, file: new URL(file, docs), words })),
  );
}

describe('The page of traps', () => {
  it('names a test for each of them', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => heldBy(row).length === 0)).toEqual([]);
  });

  it('names tests that exist, in the words in which they stand there', () => {
    const missing = rows.flatMap(heldBy).filter(({ file, words }) => {
      return !existsSync(file) || !readFileSync(file, 'utf8').replaceAll("\\'", "'").includes(words);
    });
    expect(missing.map(({ trap, file, words }) => `${trap}: ${file.pathname} has no "${words}"`)).toEqual([]);
  });
});

describe('Nothing asks Kafka for a transaction', () => {
  const services = new URL('../../', import.meta.url);
  const sources = readdirSync(services, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /^[a-z0-9]+\/src\/.*\.ts$/.test(path),
  );

  it('since everything rests on the inbox', () => {
    expect(sources.length).toBeGreaterThan(200);
    // Not what the protocol has a field for (`transactionalId,`): what a producer is made with, or asked.
    const asks = /transactionalId:|\.transaction\(|sendOffsets\(/;
    expect(sources.filter((path) => asks.test(readFileSync(new URL(path, services), 'utf8')))).toEqual([]);
  });
});
