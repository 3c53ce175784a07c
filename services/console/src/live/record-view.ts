import type { RecordView } from '../contract/topics.ts';
import type { RecordRow } from '../store/record-row.ts';

/** A record as it is shown, straight from its row. */
export function recordView(row: RecordRow): RecordView {
  const { topic, partition, offset, key, type, eventId, sagaId, schemaId, broken } = row;
  return {
    topic,
    partition,
    offset,
    at: new Date(row.publishedAt).toISOString(),
    key,
    type,
    eventId,
    sagaId,
    schemaId,
    payload: row.payload === null ? null : JSON.parse(row.payload),
    headers: JSON.parse(row.headers),
    broken,
  };
}
