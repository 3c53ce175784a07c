import type { Planted } from './bugs/bugs.ts';
import { GONE, isWaitedFor } from './business/absence.ts';
import { simulatedCalls } from './business/calls.ts';
import { services } from './business/cast.ts';
import { Outside } from './business/outside.ts';
import { Chronicle } from './chronicle.ts';
import { Customers } from './customers.ts';
import { foundOf, openOrders, type Whole, wrongs } from './invariants.ts';
import { Faults, type Strike } from './machine/faults.ts';
import { codecFor } from './machine/process/registry.ts';
import { Processes } from './machine/processes.ts';
import { replayAll, settleDeadLetters } from './machine/settling.ts';
import { World } from './machine/world.ts';
import { type Act, type Script, scriptOf } from './script.ts';
import { Timekeeper } from './time/timekeeper.ts';

export interface Options {
  /** Only these faults strike, by their names. Default: as the seed draws them. */
  readonly only?: ReadonlySet<string> | undefined;
  /** What a test has planted. */
  readonly planted?: Planted;
}

/** What a run came to. */
export interface Played {
  readonly seed: number;
  /** In sentences; none when all is well. */
  readonly wrongs: readonly string[];
  readonly strikes: readonly Strike[];
  /** Who stayed away, if anybody did. */
  readonly away: string | undefined;
  readonly seen: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly steps: number;
}

/** Steps in which everything may still go wrong, behind the last act. */
const AFTERMATH = 300;

/**
 * Plays a seed to its end: orders are placed, people meddle, faults strike, somebody may go; then everything is healed, but who
 * is away stays away until everything has happened in time that has to happen without it. Then that one comes back, all comes
 * to rest, what was set aside is replayed, what was refused is settled; and then all invariants must hold. The same seed is the
 * same run.
 */
export async function play(seed: number, { only, planted = {} }: Options = {}): Promise<Played> {
  const faults = new Faults(seed, only);
  const world = new World(seed, faults);
  const chronicle: Chronicle = new Chronicle(world, (service, orderId) => statusOf(processes, service, orderId));
  const timekeeper = new Timekeeper(world.absence, () => world.halt());
  const outside: Outside = new Outside((orderId) => customers.wantedOf(orderId));
  const processes: Processes = new Processes({
    ...{ seed, world, services, codec: await codecFor(services), outside, planted },
    callsOf: (life, reach) => simulatedCalls(life, world, { outside, reach, planted }),
    watch: (process, { batch, outcomes, began }) => {
      chronicle.watch(process, batch, outcomes);
      const { table, server } = process.parts;
      const rowOf = (key: string) => server.tables.rows.get(key);
      timekeeper.committed({ service: table.service, batch, outcomes, rowOf, began, now: world.now });
    },
  });
  const customers: Customers = new Customers(world, processes);
  const disturbed = () => faults.strikes.length > 0 || isWaitedFor(world.absence);
  const whole = { processes, customers, outside, chronicle, timekeeper, disturbed, seen: world.seen };
  world.passes = (until) => timekeeper.passes(until);
  const found = await lived(world, whole, scriptOf(seed)).then(
    () => (timekeeper.wrongs.length > 0 ? timekeeper.wrongs : wrongs(whole)),
    (error: Error) => [...timekeeper.wrongs, error.message],
  );
  if (!disturbed()) world.note('nothing went wrong');
  const { seen, steps } = world;
  const away = world.absence.lately;
  return { seed, wrongs: found, strikes: faults.strikes, away, seen, steps, orders: customers.orders.length };
}

function statusOf(processes: Processes, service: string, orderId: string): string {
  const row = processes.server(service).tables.rows.get(orderId) as { readonly status: string } | undefined;
  return row?.status ?? 'nothing';
}

async function lived(world: World, whole: Whole, { acts, approves, readAgain }: Script): Promise<void> {
  for (const act of acts) {
    await world.run(act.after);
    await perform(whole, act);
  }
  await world.run(AFTERMATH);
  whole.processes.heal();
  whole.timekeeper.mended(world.now);
  await withoutSomebody(world, whole, approves);
  await rest(world, whole);
  await settle(world, whole);
  if (!readAgain) return;
  await readEverythingAgain(world, whole);
  await settle(world, whole);
}

/** Whoever is away stays away until everything else has happened that has to happen without it. */
async function withoutSomebody(world: World, whole: Whole, approves: boolean): Promise<void> {
  const { timekeeper, processes, customers } = whole;
  const { who } = world.absence;
  if (who === undefined) return;
  if (approves) for (const wanted of customers.orders) customers.wish('approve', wanted);
  const allAnswered = () => customers.orders.every(({ orderId }) => orderId !== undefined);
  await world.run(Number.POSITIVE_INFINITY, () => timekeeper.isIdle && allAnswered());
  timekeeper.rests();
  timekeeper.wrongs.push(...openOrders(whole).map((open) => `${open}, without ${who}`));
  world.note(`participant away for good: ${who}`);
  processes.comeBack();
  timekeeper.mended(world.now);
}

/** Until nothing happens any more: then nothing may wait for something that has to happen by itself. */
async function rest(world: World, { timekeeper }: Whole): Promise<void> {
  await world.run();
  timekeeper.rests();
}

async function perform({ processes, customers }: Whole, act: Act): Promise<void> {
  switch (act.kind) {
    case 'place':
      return customers.place(act.plan);
    case 'wish': {
      const wanted = customers.orders[act.order];
      return wanted && customers.wish(act.whim, wanted);
    }
    case 'replay':
      return replayAll(processes, act.service);
    case 'mend':
      return processes.rules.forgive();
    case 'leave':
      return processes.leave(act.who, GONE[act.who]);
    default:
      return act satisfies never;
  }
}

/** Operators replay what was set aside, discard what nobody can handle, and settle what was refused, until nothing is left. */
async function settle(world: World, whole: Whole): Promise<void> {
  const { processes, customers } = whole;
  for (let patience = 12; patience > 0; patience -= 1) {
    await settleDeadLetters(world, processes);
    const stuck = customers.orders.filter(({ orderId }) => orderId !== undefined && isStuck(whole, orderId));
    for (const [at, wanted] of stuck.entries()) {
      const by = at % 2 === 0 ? 'retry' : 'resolve';
      customers.wish(`${by} the refund`, wanted);
      customers.wish(`${by} the cancellation`, wanted);
      await world.run();
      if (wanted.orchestrated) customers.wish('retry the saga', wanted);
      await world.run();
    }
    if (stuck.length === 0 && ![...processes.servers.values()].some((server) => server.hasOpenLetters)) return;
  }
}

function isStuck(whole: Whole, orderId: string): boolean {
  const { order, shipment } = foundOf(whole, orderId);
  return order === 'NEEDS_ATTENTION' || shipment === 'CANCEL_FAILED';
}

/** The inbox was pruned too early, and every group reads from the beginning: business keys alone stand in the way. */
async function readEverythingAgain(world: World, { processes, chronicle }: Whole): Promise<void> {
  world.note('everything read again behind a pruned inbox');
  chronicle.inboxPruned = true;
  for (const { tables } of processes.servers.values()) tables.inbox.clear();
  for (const group of new Set(processes.running.map(({ consumer }) => consumer.group))) group.throwBack();
  await world.run();
}
