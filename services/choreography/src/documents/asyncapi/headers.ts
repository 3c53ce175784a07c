/** A header as JSON Schema. All of them are text on the wire. */
type Headers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });
const uuid = (description: string) => text(description, { format: 'uuid' });

/** CloudEvents 1.0 in binary mode. */
export const cloudEventHeaders: Headers = {
  ce_specversion: text('The version of CloudEvents.', { const: '1.0' }),
  ce_id: uuid('The id of the event, a UUIDv7. A consumer that has handled it once ignores it.'),
  ce_type: text('The full name of the Avro record.'),
  ce_source: text('The service that says it.'),
  ce_subject: text('The record key.'),
  ce_time: text('When the rule decided on it, in ISO 8601.', { format: 'date-time' }),
  'content-type': text('How the value is written.', { const: 'application/avro' }),
  ce_correlationid: uuid('The saga that it belongs to: its order.'),
  ce_causationid: uuid(
    'The event that caused it, or the step of an orchestrated saga. The first event of a saga names itself.',
  ),
  ce_depth: text(
    'How deep it lies in the tree of causes, as decimal text: 1 for the first event of a saga, one more than its cause for any other. Absent in events from before this header.',
    { pattern: '^\\d+$' },
  ),
  traceparent: text('The W3C trace context. Empty when there is none.'),
  tracestate: text('The W3C trace state. Empty when there is none.'),
};

/** Those that each event has, also one that was written long ago. */
export const requiredHeaders: readonly string[] = Object.keys(cloudEventHeaders).filter((name) => name !== 'ce_depth');

/** What a dead letter has beside the headers of its record. */
export const deadLetterHeaders: Headers = {
  'x-original-topic': text('The topic that the record comes from.'),
  'x-original-partition': text('Its partition there.', { pattern: '^\\d+$' }),
  'x-original-offset': text('Its offset there.', { pattern: '^\\d+$' }),
  'x-original-headers': text('What its headers say in full, where their texts do not.'),
  'x-original-key': text('Its key, where it is no text.'),
  'x-error-class': text('The code of the failure.'),
  'x-error-message': text('What is wrong, and what to do. Capped.'),
  'x-attempts': text('How often the record was handled.', { pattern: '^\\d+$' }),
  'x-replays': text('How often an operator has replayed it.', { pattern: '^\\d+$' }),
  'x-truncated': text('What was cut off or left out because it was too large. Empty when nothing was.'),
};
