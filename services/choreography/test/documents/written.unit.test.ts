import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import { staleDocuments, staleSentence, writeDocuments } from '../../src/documents/written.ts';
import { type Choreography, theChoreography } from '../../src/index.ts';

const home = fileURLToPath(new URL('../../../../', import.meta.url));
const map = await theChoreography();
const WRITTEN = ['docs/choreography.md', 'docs/choreography.json', 'docs/asyncapi.yaml'];

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

/** A folder in which all of them are up to date. */
function upToDate(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'troupe-test-documents-'));
  copies.push(folder);
  mkdirSync(path.join(folder, 'docs'));
  cpSync(path.join(home, 'README.md'), path.join(folder, 'README.md'));
  writeDocuments(folder, map);
  return folder;
}

describe('the files that are written from the map', () => {
  it('are as the tables and schemas say', () => {
    const sentence = staleSentence(staleDocuments(home, map));
    if (sentence !== undefined) throw new Error(sentence);
  });

  it('are stale when a table says something else: one sentence names them, and the command', () => {
    expect(staleSentence(staleDocuments(upToDate(), slower))).toBe(
      'docs/choreography.md, docs/choreography.json, docs/asyncapi.yaml: not what the reaction tables and schemas say. Run `npm run choreography -- --write` and commit what it writes.',
    );
  });

  it('are written where they are stale, and left alone where they are not', () => {
    const folder = upToDate();
    expect(writeDocuments(folder, slower)).toEqual(WRITTEN);
    expect(staleDocuments(folder, slower)).toEqual([]);
    expect(readFileSync(path.join(folder, 'docs/choreography.md'), 'utf8')).toContain('-- "31 s" -->');
    expect(writeDocuments(folder, slower)).toEqual([]);
  });

  it('are written where they are missing', () => {
    const folder = upToDate();
    rmSync(path.join(folder, 'docs/asyncapi.yaml'));
    expect(writeDocuments(folder, map)).toEqual(['docs/asyncapi.yaml']);
  });

  it('have the ends that the prover has found', () => {
    const folder = upToDate();
    const end = { style: 'choreographed', end: 'confirmed', paths: 1, states: 1, shortest: ['PlaceOrder'] };
    writeFileSync(path.join(folder, 'docs/ends.json'), JSON.stringify([end]));
    expect(writeDocuments(folder, map)).toEqual(['docs/choreography.md']);
    expect(readFileSync(path.join(folder, 'docs/choreography.md'), 'utf8')).toContain(
      '| choreographed | confirmed | 1 | 1 | 1 |',
    );
  });
});
