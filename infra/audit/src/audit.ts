import type { Check, Finding } from './check.ts';
import { checks } from './checks.ts';
import type { Site } from './site.ts';
import { readDatabases } from './sources/databases.ts';
import { readSandboxes } from './sources/sandboxes.ts';
import { Scratch } from './sources/scratch.ts';
import { readTopics } from './sources/topics.ts';

export interface Asked {
  /** Nothing is on its way: everything is judged, and what is not finished is a finding. */
  readonly atRest: boolean;
  /** On a system at work: what changed within this time is not judged yet, and what is due for longer is late. */
  readonly boundMs: number;
  /** How many findings of each check are listed. Default: 20. */
  readonly most?: number;
}

/** The result of a check. */
export interface Result {
  readonly check: Check;
  readonly count: number;
  /** The first of them. */
  readonly findings: readonly Finding[];
}

export interface Report {
  readonly at: Date;
  /** How much was read. */
  readonly seen: {
    readonly orders: number;
    readonly records: number;
    readonly duplicates: number;
    readonly openLetters: number;
  };
  readonly results: readonly Result[];
  /** No check found anything. */
  readonly healthy: boolean;
}

const MOST = 20;
const SEEN = `
  SELECT (SELECT count(*) FROM orders)::int AS orders, (SELECT count(*) FROM record)::int AS records,
         (SELECT count(*) FROM record WHERE topic LIKE '%.events')::int - (SELECT count(*) FROM event)::int AS duplicates,
         (SELECT count(*) FROM dead_letter WHERE NOT settled)::int AS "openLetters"`;

/**
 * Checks everything that must hold, on a system that may be at work. Reads the databases, the topics, and the books of
 * provider and carrier into temporary tables of its own connection. Writes nothing else.
 *
 * The databases are read one after the other, and then the ledgers. What changes meanwhile is younger than the horizon and
 * not judged. So a healthy system is never accused, and a fault is found at the latest by a run after the bound.
 */
export async function audit(site: Site, { atRest, boundMs, most = MOST }: Asked): Promise<Report> {
  const at = new Date();
  const scratch = await Scratch.open(site.databaseUrl('order'));
  try {
    const bound = new Date(at.getTime() - boundMs).toISOString();
    const [horizon, late] = atRest ? ['infinity', at.toISOString()] : [bound, bound];
    await scratch.add('audit', [{ horizon, late, at_rest: atRest }]);
    await readTopics(scratch, site);
    await readDatabases(scratch, site);
    await readSandboxes(scratch, site);
    await scratch.complete();
    const results = [];
    for (const check of checks) results.push(await resultOf(scratch, check, most));
    const [seen] = await scratch.find<Report['seen']>(SEEN);
    return { at, seen: seen as Report['seen'], results, healthy: results.every(({ count }) => count === 0) };
  } finally {
    await scratch.close();
  }
}

async function resultOf(scratch: Scratch, check: Check, most: number): Promise<Result> {
  const found = await scratch.find<Finding & { readonly count: number }>(
    `SELECT found.id, found.what, count(*) OVER ()::int AS count FROM (${check.sql}) AS found ORDER BY found.id LIMIT ${most}`,
  );
  return { check, count: found[0]?.count ?? 0, findings: found.map(({ id, what }) => ({ id, what })) };
}
