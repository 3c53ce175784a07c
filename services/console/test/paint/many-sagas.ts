import { connections, query, workConnection } from '@troupe/chassis/testing';
import { theChoreography } from '@troupe/choreography';
import type { RecordRow } from '../../src/store/record-row.ts';
import { fill } from '../reading/fill.ts';
import { sagasInRows } from '../reading/rows.ts';

/** So many are made at once; of them one in 25 is open. */
const AT_ONCE = 2_000;
const HOUR_MS = 3_600_000;
/** Where the records of each round begin in their partitions, beyond all that a topic of a test holds. */
const OFFSETS = 1_000_000;

/** Fills the tables of a console, as it would have itself, with sagas of the last hours. Of the last ones some are open. */
export async function manySagas(
  databaseUrl: string,
  { ended, open }: { readonly ended: number; readonly open: number },
): Promise<void> {
  const choreography = await theChoreography();
  const transactions = workConnection(connections(databaseUrl));
  const [left, from] = [{ ended, open }, Date.now()];
  for (let round = 1; left.ended + left.open > 0; round += 1) {
    const rows = sagasInRows(AT_ONCE, round, { from: from - round * HOUR_MS, everyMs: HOUR_MS / AT_ONCE });
    await fill(transactions, choreography, taken(rows, round, left), 5_000);
  }
  await transactions.close();
  await query(databaseUrl, 'VACUUM (ANALYZE) record');
  await query(databaseUrl, 'VACUUM (ANALYZE) saga');
}

/** The rows of those sagas that are still wanted, each at a place of its own. */
function taken(rows: readonly RecordRow[], round: number, left: { ended: number; open: number }): readonly RecordRow[] {
  const over = new Set(rows.filter(({ type }) => ENDS.has(type ?? '')).map(({ sagaId }) => sagaId));
  const wanted = new Set<string | null>();
  for (const sagaId of new Set(rows.map((row) => row.sagaId))) {
    const kind = over.has(sagaId) ? 'ended' : 'open';
    if (left[kind] === 0) continue;
    left[kind] -= 1;
    wanted.add(sagaId);
  }
  return rows
    .filter(({ sagaId }) => wanted.has(sagaId))
    .map((row) => ({ ...row, offset: String(Number(row.offset) + round * OFFSETS) }));
}

const ENDS: ReadonlySet<string> = new Set(['OrderConfirmed', 'OrderCancelled']);
