import type { SagaLog } from '@troupe/chassis';
import type { Order } from '@troupe/order';
import { replay } from '@troupe/order';
import { STOCK } from './business/cast.ts';
import { type Found, saidTwice, wrongWith } from './business/outcome.ts';
import type { Outside } from './business/outside.ts';
import { standings } from './business/standings.ts';
import { looseCauses } from './causes.ts';
import type { Chronicle } from './chronicle.ts';
import type { Customers, Wanted } from './customers.ts';
import { atRest, firsts, published, received, refusedOfOneAhead } from './machine/at-rest.ts';
import type { DatabaseServer } from './machine/database/server.ts';
import type { Processes } from './machine/processes.ts';
import type { Timekeeper } from './time/timekeeper.ts';

export interface Whole {
  readonly processes: Processes;
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
  const { processes, customers, chronicle } = whole;
  const servers = [...processes.servers.values()];
  return [
    ...chronicle.wrongs,
    ...customers.orders.flatMap((wanted) => wrongWithOrder(whole, wanted)),
    ...onlyWanted(whole),
    ...undisturbed(whole),
    ...stock(whole),
    ...mails(processes),
    ...servers.flatMap((server) => [...atRest(server), ...published(server, processes)]),
    ...(chronicle.inboxPruned ? [] : servers.flatMap((server) => received(server, processes))),
    ...servers.flatMap(refusedOfOneAhead),
    ...inOrder(whole),
    ...looseCauses(processes),
  ];
}

const orderOf = (row: unknown): Order['state']['standing'] | undefined =>
  row === undefined ? undefined : replay(row as Parameters<typeof replay>[0])?.state.standing;

export function foundOf({ processes, outside }: Pick<Whole, 'processes' | 'outside'>, orderId: string): Found {
  const rowsOf = (service: string) => processes.server(service).tables.rows;
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
  const owners = [...whole.processes.servers.values()];
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
function undisturbed({ processes, disturbed, seen }: Whole): string[] {
  if (disturbed()) return [];
  const sagas = [...processes.server('order').tables.rows.values()] as readonly Partial<SagaLog>[];
  return [
    ...(seen.has('order: OrderDeadline') ? ['nothing went wrong, and a deadline had to end an order'] : []),
    ...sagas.flatMap(({ id, cause }) =>
      cause?.code === 'UNANSWERED' ? [`nothing went wrong, and the saga of ${id} gave up "${cause.step}"`] : [],
    ),
  ];
}

/** One order for each idempotency key, and it is the one that the answer named. */
function onlyWanted({ processes, customers }: Whole): string[] {
  const known = new Set(customers.orders.map(({ orderId }) => orderId));
  const stored = [...processes.server('order').tables.rows.keys()];
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
  const { rows } = whole.processes.server('inventory').tables;
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
function mails(processes: Processes): string[] {
  return [...processes.server('notification').tables.rows].flatMap(([key, row]) =>
    (row as { readonly status: string }).status === 'PENDING'
      ? [`the message ${key} was neither sent nor refused`]
      : [],
  );
}

/**
 * Each consumer had the events of a topic and key in the order in which they were told. One that was discarded can come again
 * behind a pruned inbox, which has forgotten that as well; it is then heard late.
 */
function inOrder({ processes, chronicle }: Whole): string[] {
  const places = new Map(processes.broker.topics.map((topic) => [topic, firsts(processes.broker.records(topic))]));
  const last = new Map<string, number>();
  return chronicle.effects.flatMap(({ service, topic, key, id }) => {
    if (chronicle.inboxPruned && wasDiscarded(processes.server(service), id)) return [];
    const name = `${service} ${topic} ${key}`;
    const place = places.get(topic)?.get(id) ?? -1;
    const before = last.get(name) ?? -1;
    last.set(name, Math.max(place, before));
    return place > before ? [] : [`${service} handled an event of ${topic} about ${key} too late`];
  });
}

const wasDiscarded = ({ tables }: DatabaseServer, id: string): boolean =>
  [...tables.letters.values()].some(({ status, record }) => status === 'DISCARDED' && record.headers.ce_id === id);
