import type { RecordView } from '../../../src/contract/topics.ts';

/** What is searched by, each a parameter of the address. */
export const FILTERS = ['key', 'type', 'header', 'q', 'partition'] as const;
export type FilterName = (typeof FILTERS)[number];

export const FILTER_WORDS: Readonly<Record<FilterName, { readonly label: string; readonly hint: string }>> = {
  key: { label: 'Key', hint: 'order id' },
  type: { label: 'Event', hint: 'PaymentCompleted' },
  header: { label: 'Header', hint: 'ce_causationid=…' },
  q: { label: 'Content', hint: 'any text' },
  partition: { label: 'Partition', hint: '0' },
};

export type Filter = Readonly<Partial<Record<FilterName, string>>>;

export function filterOf(query: URLSearchParams): Filter {
  const set = FILTERS.flatMap((name) => {
    const value = query.get(name);
    return value === null || value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

/** Whether a record that has just come is one of those that are searched for: the tail is filtered here. */
export function matches(record: RecordView, { key, type, header, q, partition }: Filter): boolean {
  if (key !== undefined && record.key !== key) return false;
  if (type !== undefined && nameOf(record.type) !== nameOf(type)) return false;
  if (partition !== undefined && String(record.partition) !== partition) return false;
  if (header !== undefined && !hasHeader(record, header)) return false;
  return q === undefined || JSON.stringify(record.payload).toLowerCase().includes(q.toLowerCase());
}

function hasHeader({ headers }: RecordView, text: string): boolean {
  const at = text.indexOf('=');
  return at > 0 && headers[text.slice(0, at)] === text.slice(at + 1);
}

/** Without the namespace. */
export const nameOf = (type: string | null): string | null =>
  type === null ? null : type.slice(type.lastIndexOf('.') + 1);

export const placeOf = ({ topic, partition, offset }: RecordView): string => `${topic}/${partition}@${offset}`;
