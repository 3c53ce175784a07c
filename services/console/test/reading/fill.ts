import type { Log } from '@troupe/chassis';
import type { WorkConnection } from '@troupe/chassis/testing';
import type { Choreography } from '@troupe/choreography/graph';
import { projectRows } from '../../src/reading/project.ts';
import { summarize } from '../../src/saga/summary/summarize.ts';
import type { RecordRow } from '../../src/store/record-row.ts';

const log = { error: (...said: unknown[]) => console.error(...said) } as unknown as Log;

/** Projects rows in batches as large as the chassis makes them. */
export async function fill(
  transactions: WorkConnection,
  choreography: Choreography,
  rows: readonly RecordRow[],
): Promise<void> {
  const parts = { transactions, choreography, summarize, changed: () => undefined, log };
  for (let at = 0; at < rows.length; at += 500) await projectRows(parts, rows.slice(at, at + 500));
}
