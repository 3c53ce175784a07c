import type { RecordRefused } from '../../kafka/producer.ts';
import { short } from '../../postgres/storable.ts';
import type { Queryable } from '../live-connection.ts';
import type { OutboxName, OutboxPosition, OutboxRecord } from '../outbox-record.ts';
import { OUTBOX_TABLES } from '../outbox-tables.ts';

/** A row that is not published for now, and why; without a failure it waits behind one of its key that was refused. */
export interface RefusedRecord {
  readonly place: OutboxPosition;
  readonly topic: string;
  readonly key: string | null;
  readonly keyHash: string | undefined;
  readonly failure: RefusedRecordFailure | undefined;
}

export type RefusedRecordFailure = Pick<RecordRefused, 'code' | 'message'>;

export interface Wanted {
  readonly place: OutboxPosition;
  readonly topic: string;
  readonly keyHash: string | undefined;
  readonly wanted: 'retry' | 'discard';
}

/** A key of a topic whose events wait, and the position of the first of them. */
export interface WaitingKey {
  readonly topic: string;
  readonly keyHash: string;
  readonly first: string;
  /** Whether one of them was refused; else they wait for nothing any more, and nobody can decide on them. */
  readonly isHeld: boolean;
}

export interface RefusedRecordCounts {
  readonly refused: number;
  readonly waiting: number;
}

/** What is kept of records that are set aside. The records stay rows of their outbox. */
export interface RefusedRecordsTable {
  waitingKeys(): Promise<readonly WaitingKey[]>;
  counts(): Promise<RefusedRecordCounts>;
  /** One that is there already stays as it is. */
  add(rows: readonly RefusedRecord[]): Promise<void>;
  wanted(): Promise<readonly Wanted[]>;
  /** The first rows of a key that are aside, in order. */
  ofKey(topic: string, keyHash: string): Promise<readonly OutboxRecord[]>;
  /** The row itself; undefined when it is gone. */
  at(place: OutboxPosition): Promise<OutboxRecord | undefined>;
  /** It was tried again, in vain. */
  failedAgain(place: OutboxPosition, failure: RefusedRecordFailure): Promise<void>;
  /** The broker has them; or, with their rows, nobody is to have them. */
  remove(places: readonly OutboxPosition[], withRows?: boolean): Promise<void>;
}

const PAGE = 200;
const MAX_MESSAGE = 1_000;
const MAX_KEY = 1_000;

/** SQL: that a row of this outbox is not aside. Without parameters, which a replication connection does not take. */
export const notRefused = (table: string, row: string): string =>
  `NOT EXISTS (SELECT FROM chassis.relay_aside a WHERE a.outbox = '${table}' AND a.position = ${row}.position)`;

/** In the service's own database, on the connection of the relay that has the turn. */
export function refusedRecordsTable(connection: Queryable, topicPrefix: string): RefusedRecordsTable {
  const records = async (
    outbox: OutboxName,
    condition: string,
    values: unknown[],
  ): Promise<readonly OutboxRecord[]> => {
    const table = OUTBOX_TABLES.find(({ name }) => name === outbox);
    const { rows } = await connection.query(
      `SELECT o.* FROM chassis.relay_aside a JOIN chassis.${outbox} o USING (position)
       WHERE a.outbox = '${outbox}' AND ${condition} ORDER BY position LIMIT ${PAGE}`,
      values,
    );
    return rows.flatMap((row) => table?.recordOf(row, topicPrefix) ?? []);
  };
  return {
    async waitingKeys() {
      const { rows } = await connection.query<WaitingKey>(
        `SELECT topic, encode(key_hash, 'hex') AS "keyHash", min(position)::text AS first, count(error_code) > 0 AS "isHeld"
         FROM chassis.relay_aside
         WHERE outbox = 'outbox' AND key_hash IS NOT NULL GROUP BY topic, key_hash`,
      );
      return rows;
    },
    async counts() {
      const { rows } = await connection.query<RefusedRecordCounts>(
        'SELECT count(error_code)::int AS refused, (count(*) - count(error_code))::int AS waiting FROM chassis.relay_aside',
      );
      return rows[0] ?? { refused: 0, waiting: 0 };
    },
    async add(rows) {
      await connection.query(
        `INSERT INTO chassis.relay_aside (outbox, position, id, topic, key, key_hash, error_code, error_message, attempts)
         SELECT outbox, position, id, topic, key, decode(hash, 'hex'), code, message, CASE WHEN code IS NULL THEN 0 ELSE 1 END
         FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
           AS a(outbox, position, id, topic, key, hash, code, message)
         ON CONFLICT (outbox, position) DO NOTHING`,
        [
          rows.map(({ place }) => place.outbox),
          rows.map(({ place }) => place.position),
          rows.map(({ place }) => place.id),
          rows.map(({ topic }) => topic),
          rows.map(({ key }) => short(key, MAX_KEY)),
          rows.map(({ keyHash }) => keyHash ?? null),
          rows.map(({ failure }) => failure?.code ?? null),
          rows.map(({ failure }) => short(failure?.message, MAX_MESSAGE) ?? null),
        ],
      );
    },
    async wanted() {
      const { rows } = await connection.query<OutboxPosition & Wanted & { hash: string | null }>(
        `SELECT outbox, position::text, id::text, topic, encode(key_hash, 'hex') AS hash, wanted FROM chassis.relay_aside
         WHERE wanted IS NOT NULL ORDER BY outbox, position LIMIT ${PAGE}`,
      );
      return rows.map(({ outbox, position, id, hash, ...row }) => {
        return { ...row, place: { outbox, position, id }, keyHash: hash ?? undefined };
      });
    },
    ofKey: (topic, keyHash) => records('outbox', `a.topic = $1 AND a.key_hash = decode($2, 'hex')`, [topic, keyHash]),
    at: async ({ outbox, position }) => (await records(outbox, 'a.position = $1', [position]))[0],
    async failedAgain({ outbox, position }, { code, message }) {
      await connection.query(
        `UPDATE chassis.relay_aside SET wanted = NULL, error_code = $3, error_message = $4, attempts = attempts + 1
         WHERE outbox = $1 AND position = $2`,
        [outbox, position, code, short(message, MAX_MESSAGE)],
      );
    },
    async remove(places, withRows = false) {
      for (const { name } of OUTBOX_TABLES) {
        const positions = places.filter(({ outbox }) => outbox === name).map(({ position }) => position);
        if (positions.length === 0) continue;
        // First the row: when it does not come to the second statement, what is aside without a row is let go.
        if (withRows)
          await connection.query(`DELETE FROM chassis.${name} WHERE position = ANY($1::bigint[])`, [positions]);
        await connection.query('DELETE FROM chassis.relay_aside WHERE outbox = $1 AND position = ANY($2::bigint[])', [
          name,
          positions,
        ]);
      }
    },
  };
}
