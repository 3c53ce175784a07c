import type { AnyEventType } from '@troupe/schemas';

const ORDER = '01a1fd37-62cd-70aa-bf71-63ec58840d87';
const TIME = '2026-11-21T08:27:07.862Z';

/** What fields of these names hold in examples. Others hold something of their type. */
const VALUES: Readonly<Record<string, unknown>> = {
  orderId: ORDER,
  customerId: 'demo',
  sku: 'SKU-001',
  quantity: 2,
  unitPrice: 4299,
  amount: 8598,
  limit: 100_000,
  currency: 'USD',
  paymentToken: 'tok_ok',
  detail: 'A sentence for the customer.',
  recipient: 'demo@example.com',
  template: 'order-confirmed',
  carrier: 'sandbox',
  trackingNumber: 'SBX-58840D87',
};

/** Data of an event, as an example. It can be encoded with the event's schema. */
export const exampleData = ({ schema, fullName }: AnyEventType): unknown => exampleOf(schema, fullName);

/** The headers of that example. */
export function exampleHeaders({ fullName, owner }: AnyEventType, isFirst: boolean): Readonly<Record<string, string>> {
  return {
    ce_specversion: '1.0',
    ce_id: isFirst ? ORDER : uuidOf(fullName),
    ce_type: fullName,
    ce_source: `/troupe/${owner}`,
    ce_subject: ORDER,
    ce_time: TIME,
    'content-type': 'application/avro',
    ce_correlationid: ORDER,
    ce_causationid: isFirst ? ORDER : uuidOf(`cause of ${fullName}`),
    ce_depth: isFirst ? '1' : '2',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    tracestate: '',
  };
}

interface AvroType {
  readonly type: unknown;
  readonly fields?: readonly (AvroType & { readonly name: string; readonly doc?: string })[];
  readonly items?: unknown;
  readonly symbols?: readonly string[];
  readonly logicalType?: string;
}

/** @param place where it is used: the name of a field, for values of its own */
function exampleOf(type: unknown, place: string): unknown {
  if (Array.isArray(type)) return exampleOf(type.at(-1), place);
  if (typeof type === 'string') return primitive(type, place);
  const { type: kind, fields = [], items, symbols = [], logicalType } = type as AvroType;
  if (kind === 'record') return Object.fromEntries(fields.map((field) => [field.name, fieldValue(field)]));
  if (kind === 'array') return [exampleOf(items, place)];
  if (kind === 'enum') return symbols[0];
  return logicalType === 'timestamp-millis' ? Date.parse(TIME) : exampleOf(kind, place);
}

function fieldValue({
  name,
  doc = '',
  type,
}: {
  readonly name: string;
  readonly doc?: string;
  readonly type: unknown;
}): unknown {
  const isText = type === 'string';
  if (isText && /\bUUID\b/.test(doc) && VALUES[name] === undefined) return uuidOf(name);
  return VALUES[name] ?? exampleOf(type, name);
}

function primitive(type: string, place: string): unknown {
  if (type === 'boolean') return false;
  return type === 'string' ? place : 1;
}

/** The same name has the same id, so that the document does not change when nothing else does. */
function uuidOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return `01a1fd37-69d4-7${hash.toString(16).padStart(8, '0').slice(0, 3)}-8dc3-54f2${hash.toString(16).padStart(8, '0')}`;
}
