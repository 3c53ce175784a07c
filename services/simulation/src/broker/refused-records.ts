import type { OutboxPosition, OutboxRecord, RefusedRecord, RefusedRecordsTable } from '@troupe/chassis/internal';
import type { DatabaseServer } from '../database/server.ts';

/** The table `relay_aside` in memory. `recordAt` reads the row of an outbox. */
export function memoryRefusedRecords(
  server: DatabaseServer,
  recordAt: (place: OutboxPosition) => OutboxRecord | undefined,
): RefusedRecordsTable {
  const { refusedRecords } = server.tables;
  const inOrder = () =>
    [...refusedRecords.values()].sort((one, other) => Number(one.place.position) - Number(other.place.position));
  const ofKey = (topic: string, keyHash: string) =>
    inOrder().filter((row) => row.place.outbox === 'outbox' && row.topic === topic && row.keyHash === keyHash);
  return {
    async waitingKeys() {
      const first = new Map<string, RefusedRecord>();
      for (const row of inOrder()) {
        const name = `${row.topic} ${row.keyHash}`;
        if (row.place.outbox === 'outbox' && row.keyHash !== undefined && !first.has(name)) first.set(name, row);
      }
      return [...first.values()].map(({ topic, keyHash, place }) => {
        const isHeld = ofKey(topic, keyHash as string).some(({ failure }) => failure !== undefined);
        return { topic, keyHash: keyHash as string, first: place.position, isHeld };
      });
    },
    async counts() {
      const refused = [...refusedRecords.values()].filter(({ failure }) => failure !== undefined).length;
      return { refused, waiting: refusedRecords.size - refused };
    },
    async add(rows) {
      for (const row of rows) if (!refusedRecords.has(nameOf(row.place))) refusedRecords.set(nameOf(row.place), row);
    },
    async wanted() {
      return inOrder().flatMap(({ place, topic, keyHash, wanted }) =>
        wanted === undefined ? [] : [{ place, topic, keyHash, wanted }],
      );
    },
    ofKey: async (topic, keyHash) => ofKey(topic, keyHash).flatMap(({ place }) => recordAt(place) ?? []),
    at: async (place) => recordAt(place),
    async failedAgain(place, failure) {
      const row = refusedRecords.get(nameOf(place));
      if (row !== undefined) refusedRecords.set(nameOf(place), { ...row, failure, wanted: undefined });
    },
    async remove(places) {
      for (const place of places) refusedRecords.delete(nameOf(place));
    },
  };
}

const nameOf = ({ outbox, position }: OutboxPosition): string => `${outbox} ${position}`;
