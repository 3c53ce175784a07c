import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serviceNames, servicePorts } from '@troupe/services';
import { urlOf } from './system.ts';

const home = new URL('../../../', import.meta.url);
/** A block that is marked to be run, and the output that the page shows behind it. */
const BLOCK = /<!-- run -->\n```sh\n([\s\S]*?)```\n(?:\n```json\n([\s\S]*?)```)?/g;
const byPort = new Map(serviceNames.map((name) => [String(servicePorts[name]), name]));
const DIVIDER = '----- next block';

/** Values that are the same in every run; ids, times and counts are compared by name only. */
const STABLE = new Set([
  'status',
  'reason',
  'detail',
  'code',
  'title',
  'total',
  'currency',
  'quantity',
  'sku',
  'type',
  'carrier',
]);

function never(port: string): never {
  throw new Error(`README.md asks port ${port}, on which no service listens.`);
}

function runBlocks(blocks: readonly string[]): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'troupe-walkthrough-'));
  const script = blocks.map((block) => `${block}\necho\necho '${DIVIDER}'`).join('\n');
  const here = script.replaceAll(/(?:http:\/\/)?localhost:(\d{4})/g, (_, port: string) =>
    urlOf(byPort.get(port) ?? never(port)),
  );
  try {
    const output = execFileSync('bash', ['-euo', 'pipefail', '-c', here], { cwd: folder, encoding: 'utf8' });
    return output.split(DIVIDER).map((part) => part.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Inventory and shipping say their events on topics of their own. On a busy machine order may read shipping's first; the order is
 * confirmed by it, and its history has no word of the stock.
 */
const isInEveryRun = (item: unknown): boolean => (item as { readonly type?: unknown } | null)?.type !== 'StockReserved';

/** Replaces what differs from run to run by its type. */
function shape(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.filter(isInEveryRun).map((item) => shape(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner, name)]));
  }
  return STABLE.has(key) ? value : typeof value;
}

describe('the commands of a page', () => {
  it.each([
    ['README.md', 2],
    ['docs/tour.md', 10],
  ])('%s print what the page shows', (page, count) => {
    const text = readFileSync(new URL(page, home), 'utf8');
    const blocks = [...text.matchAll(BLOCK)].map(([, command = '', shown]) => ({ command, shown }));
    expect(blocks.length).toBe(count);
    const outputs = runBlocks(blocks.map(({ command }) => command));
    for (const [at, { shown }] of blocks.entries()) {
      if (shown === undefined) continue;
      expect(shape(JSON.parse(outputs[at] ?? ''))).toEqual(shape(JSON.parse(shown)));
    }
  });
});
