import type { KafkaRecord, SagaLog } from '@troupe/chassis';
import type { Order } from '@troupe/order';
import { replay } from '@troupe/order';
import { STOCK } from './business/cast.ts';
import { type Found, saidTwice, wrongWith } from './business/outcome.ts';
import type { Outside } from './business/outside.ts';
import { standings } from './business/standings.ts';
import { looseCauses } from './causes.ts';
import type { Chronicle } from './chronicle.ts';
import type { Company } from './machine/processes.ts';
import type { Customers, Wanted } from './customers.ts';
import type { DatabaseServer } from './machine/database/server.ts';
import { isOpen } from './machine/database/tables.ts';
import { AHEAD, isStrange, strangerOf } from './machine/strangers.ts';
import type { Timekeeper } from './time/timekeeper.ts';

export interface Whole {
  readonly company: Company;
  readonly customers: Customers;
  readonly outside: Outside;
  readonly chronicle: Chronicle;
  readonly timekeeper: Timekeeper;
  /** Whether any fault has struck. */
  disturbed(): boolean;
  /** What was met on the way. */
  readonly seen: ReadonlyMap<string, number>;
}

/** What is wrong when nothing more happens, in sentences (DESIGN.md section 7, and the audit): none when all is well. */
export function wrongs(whole: Whole): string[] {
  const { company, customers, chronicle } = whole;
  const servers = [...company.servers.values()];
  return [
    ...chronicle.wrongs,
    ...customers.orders.flatMap((wanted) => wrongWithOrder(whole, wanted)),
    ...onlyWanted(whole),
    ...undisturbed(whole),
    ...stock(whole),
    ...mails(company),
    ...servers.flatMap((server) => [...atRest(server), ...published(server, company), ...received(server, whole)]),
    ...servers.flatMap(refusedOfOneAhead),
    ...inOrder(whole),
    ...looseCauses(company),
  ];
}

const orderOf = (row: unknown): Order['state']['standing'] | undefined =>
  row === undefined ? undefined : replay(row as Parameters<typeof replay>[0])?.state.standing;

export function foundOf({ company, outside }: Pick<Whole, 'company' | 'outside'>, orderId: string): Found {
  const rowsOf = (service: string) => company.server(service).tables.rows;
  return { ...standings(rowsOf, orderOf, orderId), ...outside.doneFor(orderId) };
}

/** Orders that are neither at their end nor need attention. */
export function openOrders(whole: Whole): string[] {
  return whole.customers.orders.flatMap(({ orderId, customerId }) => {
    if (orderId === undefined) return [`the order of ${customerId} was never answered`];
    const { order } = foundOf(whole, orderId);
    return ENDS.includes(order) ? [] : [`the order of ${customerId} is ${order}, which is no end`];
  });
}

const ENDS = ['CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'];

function wrongWithOrder(whole: Whole, { orderId, customerId, total }: Wanted): string[] {
  if (orderId === undefined) return [`the order of ${customerId} was never answered`];
  const owners = [...whole.company.servers.values()];
  const said = owners.flatMap(({ tables }) => tables.outbox.filter(({ aggregateid }) => aggregateid === orderId));
  const found = foundOf(whole, orderId);
  const amounts = whole.outside.amountsOf(orderId).filter((amount) => amount !== total);
  return [
    ...wrongWith(found),
    ...saidTwice(said.map(({ type }) => type.split('.').at(-1) ?? '')),
    ...amounts.map((amount) => `${amount} was taken or given back instead of ${total}`),
  ].map((wrong) => `${customerId}: ${wrong} ${JSON.stringify(found)}`);
}

/** Where nothing went wrong, nobody may have to wait for the deadline, or give a step up: it would hide that a step is missing. */
function undisturbed({ company, disturbed, seen }: Whole): string[] {
  if (disturbed()) return [];
  const sagas = [...company.server('order').tables.rows.values()] as readonly Partial<SagaLog>[];
  return [
    ...(seen.has('order: OrderDeadline') ? ['nothing went wrong, and a deadline had to end an order'] : []),
    ...sagas.flatMap(({ id, cause }) =>
      cause?.code === 'UNANSWERED' ? [`nothing went wrong, and the saga of ${id} gave up "${cause.step}"`] : [],
    ),
  ];
}

/** One order for each idempotency key, and it is the one that the answer named. */
function onlyWanted({ company, customers }: Whole): string[] {
  const known = new Set(customers.orders.map(({ orderId }) => orderId));
  const stored = [...company.server('order').tables.rows.keys()];
  return stored
    .filter((key) => !key.startsWith('saga/'))
    .filter((orderId) => !known.has(orderId))
    .map((orderId) => `nobody was told of the order ${orderId}`);
}

interface Shelf {
  readonly restocked: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

/** Every unit is where an order says that it is, and none was made or lost. */
function stock(whole: Whole): string[] {
  const { rows } = whole.company.server('inventory').tables;
  return Object.entries(STOCK).flatMap(([sku, initial]) => {
    const { restocked, available, reserved, shipped } = rows.get(`stock/${sku}`) as Shelf;
    const sold = whole.customers.orders
      .filter(({ orderId }) => orderId !== undefined && foundOf(whole, orderId).order === 'CONFIRMED')
      .flatMap(({ items }) => items.filter((item) => item.sku === sku))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const wanted = { available: initial + restocked - sold, reserved: 0, shipped: sold };
    const found = { available, reserved, shipped };
    const same = JSON.stringify(wanted) === JSON.stringify(found);
    return same ? [] : [`of ${sku} there are ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
  });
}

/** Every message to a customer was taken by the mail server, or refused. */
function mails(company: Company): string[] {
  return [...company.server('notification').tables.rows].flatMap(([key, row]) =>
    (row as { readonly status: string }).status === 'PENDING'
      ? [`the message ${key} was neither sent nor refused`]
      : [],
  );
}

function atRest({ service, tables, locks }: DatabaseServer): string[] {
  const open = [...tables.letters.values()].filter(isOpen);
  return [
    ...[...tables.tasks.values()].map(({ name, key }) => `${service} still has the task ${name} of ${key}`),
    ...open.map(({ status, record }) => `${service} still has a letter: ${status}, ${record.topic}/${record.offset}`),
    ...(locks.size > 0 ? [`${locks.size} locks of ${service} are still held`] : []),
  ];
}

/** A producer may be ahead of its readers: nothing that it writes is set aside because of its schema. */
function refusedOfOneAhead({ service, tables }: DatabaseServer): string[] {
  return tables.deadLetterOutbox
    .filter(({ record, code }) => strangerOf(record) === AHEAD && /^(AVRO|SCHEMA)_/.test(code))
    .map(({ record, reason }) => `${service} refused ${record.headers.ce_type} of a newer producer: ${reason}`);
}

/** Everything in the outbox is on its topic, each key in its order; nothing else is, but for what strangers wrote. */
function published({ service, tables }: DatabaseServer, { broker }: Company): string[] {
  const topic = firsts(broker.records(`${service}.events`).filter((record) => !isStrange(record)));
  const kept = [...tables.outbox].sort((one, other) => one.position - other.position);
  const missing = kept.filter(({ id }) => !topic.has(id));
  const keys = [...new Set(kept.map(({ aggregateid }) => aggregateid))];
  const misplaced = keys.filter((key) => {
    const places = kept.filter(({ aggregateid }) => aggregateid === key).map(({ id }) => topic.get(id) ?? -1);
    return places.some((place, at) => at > 0 && place < (places[at - 1] as number));
  });
  const ids = new Set(kept.map(({ id }) => id));
  const unknown = [...topic.keys()].filter((id) => !ids.has(id));
  const dead = new Set(broker.records(`${service}.dlq`).map(({ headers }) => deadName(headers)));
  const lost = tables.deadLetterOutbox.filter(
    ({ record: { topic: from, partition, offset }, attempts, position }) =>
      !dead.has(`${from}/${partition}/${offset} ${attempts}`) && !tables.aside.has(`dead_letter_outbox ${position}`),
  );
  return [
    ...missing.map(({ type, aggregateid }) => `${type} of ${aggregateid} was never published`),
    ...misplaced.map((key) => `the events of ${service} about ${key} are not in their order`),
    ...unknown.map((id) => `${service}.events has ${id}, which is in no outbox`),
    ...lost.map(
      ({ record }) => `a dead letter of ${service} never reached its topic: ${record.topic}/${record.offset}`,
    ),
  ];
}

const deadName = (headers: KafkaRecord['headers']): string =>
  `${headers['x-original-topic']}/${headers['x-original-partition']}/${headers['x-original-offset']} ${headers['x-attempts']}`;

/** By id, where it was first. */
function firsts(records: readonly KafkaRecord[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, { headers }] of records.entries()) {
    const id = headers.ce_id;
    if (id !== undefined && !places.has(id)) places.set(id, place);
  }
  return places;
}

/** Whatever is on a topic was handled by everybody who hears it, or was set aside and settled. */
function received({ service, tables }: DatabaseServer, { company, chronicle }: Whole): string[] {
  if (chronicle.inboxPruned) return [];
  const heard = company.hears(service);
  const discarded = new Set([...tables.letters.values()].map(({ record }) => record.headers.ce_id));
  return company.broker.topics
    .flatMap((topic) => company.broker.records(topic))
    .filter(({ headers }) => heard.has(headers.ce_type ?? ''))
    .filter(({ headers: { ce_id: id = '' } }) => !tables.inbox.has(id) && !discarded.has(id))
    .map(({ headers, key }) => `${service} never handled ${headers.ce_type} of ${key}`);
}

/**
 * Each consumer had the events of a topic and key in the order in which they were told. One that was discarded can come again
 * behind a pruned inbox, which has forgotten that as well; it is then heard late.
 */
function inOrder({ company, chronicle }: Whole): string[] {
  const places = new Map(company.broker.topics.map((topic) => [topic, firsts(company.broker.records(topic))]));
  const last = new Map<string, number>();
  return chronicle.effects.flatMap(({ service, topic, key, id }) => {
    if (chronicle.inboxPruned && wasDiscarded(company.server(service), id)) return [];
    const name = `${service} ${topic} ${key}`;
    const place = places.get(topic)?.get(id) ?? -1;
    const before = last.get(name) ?? -1;
    last.set(name, Math.max(place, before));
    return place > before ? [] : [`${service} handled an event of ${topic} about ${key} too late`];
  });
}

const wasDiscarded = ({ tables }: DatabaseServer, id: string): boolean =>
  [...tables.letters.values()].some(({ status, record }) => status === 'DISCARDED' && record.headers.ce_id === id);
