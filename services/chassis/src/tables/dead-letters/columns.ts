/** Headers of a dead letter that have a column of their own. Its others are kept together, as JSON. */
export const OWN_HEADERS = [
  'ce_specversion',
  'ce_id',
  'ce_type',
  'ce_source',
  'ce_subject',
  'ce_time',
  'content-type',
  'ce_correlationid',
  'ce_causationid',
  'ce_depth',
  'traceparent',
  'tracestate',
] as const;

/** What is known of it, as headers on the dead-letter topic. */
const FAILURE_HEADERS = [
  'x-original-topic',
  'x-original-partition',
  'x-original-offset',
  'x-original-headers',
  'x-original-key',
  'x-error-class',
  'x-error-message',
  'x-attempts',
  'x-replays',
  'x-truncated',
] as const;

/** All of them, in the order in which every relay writes them. */
export const DEAD_LETTER_HEADERS = [...OWN_HEADERS, ...FAILURE_HEADERS] as const;

type ColumnOf<Header extends string> = Header extends `${infer Head}-${infer Rest}`
  ? `${Head}_${ColumnOf<Rest>}`
  : Header;

/** A column of `dead_letter_outbox` that is a header. */
export type HeaderColumn = ColumnOf<(typeof DEAD_LETTER_HEADERS)[number]>;

/** The column of a header has an underscore for a dash. */
export const columnOf = (header: string): HeaderColumn => header.replaceAll('-', '_') as HeaderColumn;
