import type { OutboxPosition, OutboxRecord } from '../../src/outbox/outbox-record.ts';
import { RefusedRecords } from '../../src/outbox/refused/refused-records.ts';
import type {
  RefusedRecord,
  RefusedRecordCounts,
  RefusedRecordsTable,
  Wanted,
} from '../../src/outbox/refused/refused-records-table.ts';

type Row = RefusedRecord & { wanted?: Wanted['wanted'] | undefined };

/** What a relay sets aside, without a database. */
export async function refusedRecordsInMemory(records: readonly OutboxRecord[] = []) {
  const rows = new Map<string, Row>();
  const told: string[] = [];
  const deleted: string[] = [];
  const counted: RefusedRecordCounts[] = [];
  const nameOf = ({ outbox, position }: OutboxPosition): string => `${outbox} ${position}`;
  const recordAt = (place: OutboxPosition) => records.find((record) => nameOf(record.place) === nameOf(place));
  const sorted = () => [...rows.values()].sort((a, b) => Number(a.place.position) - Number(b.place.position));
  const table: RefusedRecordsTable = {
    waitingKeys: async () => {
      const keyed = sorted().flatMap(({ keyHash, ...row }) => (keyHash === undefined ? [] : [{ ...row, keyHash }]));
      return keyed
        .filter(({ keyHash }, at) => keyed.findIndex((row) => row.keyHash === keyHash) === at)
        .map(({ topic, keyHash, place }) => {
          const isHeld = keyed.some((row) => row.keyHash === keyHash && row.failure !== undefined);
          return { topic, keyHash, first: place.position, isHeld };
        });
    },
    counts: async () => {
      const refused = sorted().filter(({ failure }) => failure !== undefined).length;
      return { refused, waiting: rows.size - refused };
    },
    add: async (added) => {
      for (const row of added) if (!rows.has(nameOf(row.place))) rows.set(nameOf(row.place), { ...row });
    },
    wanted: async () => sorted().flatMap(({ wanted, ...row }) => (wanted === undefined ? [] : [{ ...row, wanted }])),
    ofKey: async (topic, keyHash) =>
      sorted()
        .filter((row) => row.topic === topic && row.keyHash === keyHash)
        .flatMap(({ place }) => recordAt(place) ?? []),
    at: async (place) => recordAt(place),
    failedAgain: async (place, failure) => {
      Object.assign(rows.get(nameOf(place)) ?? {}, { failure, wanted: undefined });
    },
    remove: async (places, withRows = false) => {
      for (const place of places) rows.delete(nameOf(place));
      if (withRows) deleted.push(...places.map(nameOf));
    },
  };
  const open = (deletesPublished = false) =>
    RefusedRecords.open({
      table,
      deletesPublished,
      refused: ({ place }, { code }) => told.push(`${place.id} ${code}`),
      counted: (counts) => counted.push(counts),
    });
  return {
    rows,
    told,
    deleted,
    counted,
    open,
    refusedRecords: await open(),
    want(id: string, wanted: Wanted['wanted']): void {
      for (const row of rows.values()) if (row.place.id === id) row.wanted = wanted;
    },
    ids: () => sorted().map(({ place, failure }) => `${place.id}${failure === undefined ? '' : '!'}`),
  };
}
