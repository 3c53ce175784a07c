import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { query } from '@troupe/chassis/testing';
import { Ground } from './faults/ground.ts';
import { shownRows } from './reading/shown-rows.ts';
import { Command } from './rebuild/command.ts';
import { changed, type Elsewhere, elsewhere } from './rebuild/elsewhere.ts';
import { atRest } from './rebuild/rest.ts';
import { thousandSagas } from './rebuild/thousand-sagas.ts';

const REST_MS = 120_000;
/** More would tell nothing more. */
const TOLD = 5;

let ground: Ground;
let live: readonly string[];
let others: Elsewhere;
beforeAll(async () => {
  ground = await Ground.open();
  // How its stories end is judged elsewhere: where two cores are busy, some of its 200 orders at once run out of time.
  for (const style of [[], ['--orchestrated']]) await new Command(ground.stack, 'demo', ...style).over();
  await thousandSagas(ground);
  await atRest(ground, REST_MS);
  live = await shownRows(ground.databaseUrl('console'));
  others = await elsewhere(ground);
}, 300_000);
afterAll(() => ground?.close());

const rebuild = () => new Command(ground.stack, 'console', 'rebuild', '--json');

/** What only one of two has. */
function difference(before: readonly string[], after: readonly string[]) {
  const [old, fresh] = [new Set(before), new Set(after)];
  return {
    lost: before.filter((row) => !fresh.has(row)).slice(0, TOLD),
    new: after.filter((row) => !old.has(row)).slice(0, TOLD),
    rows: after.length - before.length,
  };
}

const shownNow = async () => difference(live, await shownRows(ground.databaseUrl('console')));
const NONE = { lost: [], new: [], rows: 0 };

interface Projection {
  readonly generation: number;
  readonly done: number | null;
  readonly of: number | null;
}

async function projection(): Promise<Projection> {
  const [row] = await query<Projection>(
    ground.databaseUrl('console'),
    'SELECT generation, rebuild_done::int AS done, rebuild_of::int AS of FROM projection',
  );
  return row as Projection;
}

describe('a rebuild after the demo and a thousand sagas with faults, in both styles', () => {
  it('has something of everything to tell', async () => {
    const [seen] = await query<Record<string, number>>(
      ground.databaseUrl('console'),
      `SELECT (SELECT count(*)::int FROM saga WHERE style = 'choreographed') AS choreographed,
              (SELECT count(*)::int FROM saga WHERE style = 'orchestrated') AS orchestrated,
              (SELECT count(*)::int FROM saga WHERE open) AS open,
              (SELECT count(*)::int FROM saga WHERE outcome = 'cancelled') AS cancelled,
              (SELECT count(*)::int FROM record WHERE topic LIKE '%.dlq') AS "dead letters",
              (SELECT count(*)::int FROM record WHERE broken_code IS NOT NULL) AS broken,
              (SELECT count(*)::int FROM saga WHERE jsonb_array_length(summary -> 'unexpected') > 0) AS unexpected,
              (SELECT count(*)::int - count(DISTINCT (topic, event_id))::int FROM record WHERE is_event) AS "said twice"`,
    );
    console.info(seen);
    const { choreographed = 0, orchestrated = 0, ...rest } = seen ?? {};
    expect(choreographed + orchestrated).toBeGreaterThan(1_400);
    expect(orchestrated).toBeGreaterThan(500);
    for (const [what, count] of Object.entries(rest))
      expect({ what, isThere: count > 0 }).toEqual({ what, isThere: true });
    expect(Object.keys(others).filter((name) => name.endsWith('.jsonl'))).toHaveLength(3);
  });

  it('that is killed in the middle leaves everything as it was', async () => {
    const { generation } = await projection();
    const command = rebuild();
    let middle: Projection;
    do {
      await sleep(20);
      middle = await projection();
    } while ((middle.done ?? 0) === 0);
    expect(await command.killed()).toBe('SIGKILL');
    expect(middle.done).toBeLessThan(middle.of ?? 0);
    expect((await projection()).generation).toBe(generation);
    expect(await shownNow()).toEqual(NONE);
  });

  it('comes to the rows of the live one, row by row', async () => {
    const { generation } = await projection();
    const { records } = JSON.parse(await rebuild().succeeded()) as { readonly records: number };
    expect(records).toBe(live.filter((row) => row.startsWith('record ')).length);
    expect((await projection()).generation).toBe(generation + 1);
    expect(await shownNow()).toEqual(NONE);
  });

  it('has sent nothing anywhere', async () => {
    expect(changed(others, await elsewhere(ground))).toEqual([]);
  });
});
