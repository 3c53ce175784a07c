const CONTENT_TYPE = 'content-type';
/** Of a record whose value is a whole record batch, as it came, instead of an event. */
export const RECORD_BATCH = 'application/vnd.kafka.record-batch';

/** One header that says so, as it would stand in a record. */
export const RECORD_BATCH_HEADERS = headerBytes(CONTENT_TYPE, RECORD_BATCH);

function headerBytes(name: string, value: string) {
  const bytes = Buffer.concat([Buffer.of(2), withLength(name), withLength(value)]);
  return { bytes, at: 0, end: bytes.length };
}

/** Of less than 64 bytes: its length is a varint of one byte. */
function withLength(text: string): Buffer {
  return Buffer.concat([Buffer.of(Buffer.byteLength(text) * 2), Buffer.from(text)]);
}
