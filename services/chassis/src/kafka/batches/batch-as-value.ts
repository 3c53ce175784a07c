import { Output, sizeWithLength, varIntSize } from '../wire/output.ts';

const CONTENT_TYPE = 'content-type';
/** Of a record whose value is a whole record batch, as it came, instead of an event. */
export const RECORD_BATCH = 'application/vnd.kafka.record-batch';

/** One header that says so, as it would stand in a record. */
const one = new Output(varIntSize(1) + sizeWithLength(CONTENT_TYPE) + sizeWithLength(RECORD_BATCH));
one.varInt(1);
one.withLength(CONTENT_TYPE);
one.withLength(RECORD_BATCH);
export const RECORD_BATCH_HEADERS = { bytes: one.buffer, at: 0, end: one.buffer.length };
