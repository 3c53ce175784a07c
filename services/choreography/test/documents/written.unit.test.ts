import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { staleDocuments, staleSentence, writeDocuments } from '../../src/documents/written.ts';
import { type Choreography, theChoreography } from '../../src/index.ts';

const home = fileURLToPath(new URL('../../../../', import.meta.url));
const map = await theChoreography();
const FILES = ['README.md', 'docs/choreography.md', 'docs/choreography.json', 'docs/asyncapi.yaml'];

/** Payment takes longer for an order. */
const slower: Choreography = {
  ...map,
  services: map.services.map(({ rows, ...service }) => ({
    ...service,
    rows: rows.map((row) => (row.hears.name === 'OrderCreated' ? { ...row, withinMs: 31_000 } : row)),
  })),
};

const copies: string[] = [];
afterEach(() => {
  for (const folder of copies.splice(0)) rmSync(folder, { recursive: true });
});

function copy(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'troupe-test-documents-'));
  copies.push(folder);
  mkdirSync(path.join(folder, 'docs'));
  for (const file of FILES) cpSync(path.join(home, file), path.join(folder, file));
  return folder;
}

describe('the files that are written from the map', () => {
  it('are as the tables and schemas say', () => {
    expect(staleSentence(staleDocuments(home, map))).toBeUndefined();
  });

  it('are stale when a table says something else: one sentence names them, and the command', () => {
    const sentence = staleSentence(staleDocuments(home, slower));
    expect(sentence).toBe(
      'docs/choreography.md, docs/choreography.json, docs/asyncapi.yaml: not what the reaction tables and schemas say. Run `npm run choreography -- --write` and commit what it writes.',
    );
  });

  it('are written where they are stale, and left alone where they are not', () => {
    const folder = copy();
    expect(writeDocuments(folder, slower)).toEqual(FILES.slice(1));
    expect(staleDocuments(folder, slower)).toEqual([]);
    expect(readFileSync(path.join(folder, 'docs/choreography.md'), 'utf8')).toContain('-- "31 s" -->');
    expect(writeDocuments(folder, slower)).toEqual([]);
  });

  it('are written where they are missing', () => {
    const folder = copy();
    rmSync(path.join(folder, 'docs/asyncapi.yaml'));
    expect(writeDocuments(folder, map)).toEqual(['docs/asyncapi.yaml']);
  });
});
