import { literally, momentOf, type Values } from './values.ts';

/** Which records are wanted. What is absent does not matter. */
export interface RecordFilter {
  readonly topics?: readonly string[] | undefined;
  readonly partition?: number | undefined;
  readonly key?: string | undefined;
  /** The name of an event. */
  readonly type?: string | undefined;
  readonly header?: { readonly name: string; readonly value: string } | undefined;
  /** Anywhere in the key or in the value; an id of an event, a saga or a trace is looked up. */
  readonly q?: string | undefined;
  /** Published from this moment on, and before that one; milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly until?: number | undefined;
}

/** A condition for each part of a filter. Those that an index finds bound what is read; the others are tried on each row. */
export interface RecordConditions {
  readonly found: readonly string[];
  readonly tried: readonly string[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TRACE = /^[0-9a-f]{32}$/;

export function conditionsOf(filter: RecordFilter, values: Values): RecordConditions {
  const { topics, partition, key, type, header, q, from, until } = filter;
  const found: string[] = [];
  const tried: string[] = [];
  if (topics !== undefined) found.push(`topic = ANY (${values.add(topics, 'text[]')})`);
  if (from !== undefined) found.push(`published_at >= ${values.add(momentOf(from), 'timestamptz')}`);
  if (until !== undefined) found.push(`published_at < ${values.add(momentOf(until), 'timestamptz')}`);
  if (key !== undefined) found.push(...keyIs(key, values));
  if (partition !== undefined) tried.push(`partition = ${values.add(partition, 'int')}`);
  if (type !== undefined) tried.push(`type = ${values.add(type, 'text')}`);
  if (header !== undefined) {
    const { name, value } = header;
    tried.push(`headers ->> ${values.add(name, 'text')} = ${values.add(value, 'text')}`);
    if (name === 'ce_id' && UUID.test(value)) found.push(`event_id = ${values.add(value, 'uuid')}`);
    if (name === 'ce_correlationid' && UUID.test(value)) found.push(`saga_id = ${values.add(value, 'uuid')}`);
  }
  if (q !== undefined) {
    const lower = q.toLowerCase();
    if (UUID.test(lower)) {
      const id = values.add(lower, 'uuid');
      found.push(`(saga_id = ${id} OR event_id = ${id})`);
    } else if (TRACE.test(lower)) found.push(`trace_id = ${values.add(lower, 'text')}`);
    else {
      const like = values.add(`%${literally(q)}%`, 'text');
      tried.push(`(payload::text ILIKE ${like} OR key ILIKE ${like})`);
    }
  }
  return { found, tried };
}

/** A key is the saga's id as a rule; the others have an index of their own. */
function keyIs(key: string, values: Values): readonly string[] {
  const is = `key = ${values.add(key, 'text')}`;
  if (UUID.test(key)) return [is, `saga_id = ${values.add(key, 'uuid')}`];
  return [is, 'key IS DISTINCT FROM saga_id::text'];
}
