import { codecFor } from '../broker/schema-registry.ts';
import type { ShopBug } from '../bugs/planted-bug.ts';
import { History } from '../invariants/history.ts';
import { violations } from '../invariants/invariants.ts';
import { openOrders } from '../invariants/orders.ts';
import type { SimulationRun } from '../invariants/simulation-run.ts';
import { TimingChecker } from '../invariants/timing-checker.ts';
import { ExternalSystems } from '../shop/external-systems.ts';
import { delaysOrders, lostWith } from '../shop/outages.ts';
import { services } from '../shop/services.ts';
import { shopCalls } from '../shop/shop-calls.ts';
import { replayAll } from '../system/replays.ts';
import { SystemUnderTest } from '../system/system-under-test.ts';
import { Clients } from '../workload/clients.ts';
import { type Scenario, type ScenarioStep, scenarioOf } from '../workload/scenario.ts';
import { Faults, type InjectedFault } from '../world/faults.ts';
import { World } from '../world/world.ts';
import { readEverythingAgain, settle } from './operators.ts';

export interface RunOptions {
  /** Only these faults are injected, by their names. Default: the seed draws them. */
  readonly only?: ReadonlySet<string> | undefined;
  /** A bug that the run has to find. */
  readonly plantedBug?: ShopBug;
}

export interface SeedResult {
  readonly seed: number;
  /** A sentence for each invariant that does not hold. */
  readonly violations: readonly string[];
  readonly injected: readonly InjectedFault[];
  /** The participant that had an outage, if one had. */
  readonly outage: string | undefined;
  readonly seen: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly steps: number;
}

/** Steps in which faults are still injected after the last step of the scenario. */
const STEPS_AFTER_SCENARIO = 300;

/**
 * Runs one seed to its end. The same seed is the same run.
 *
 * 1. Clients and operators act as the scenario says, while faults are injected; one participant may begin an outage.
 * 2. Faults end. The outage goes on until everything else has happened in time.
 * 3. The outage ends, and the system comes to rest.
 * 4. Operators replay dead letters and settle refused compensations.
 * 5. All invariants are checked.
 */
export async function runSeed(seed: number, { only, plantedBug = {} }: RunOptions = {}): Promise<SeedResult> {
  const faults = new Faults(seed, only);
  const world = new World(seed, faults);
  const history: History = new History(world, (service, orderId) => statusOf(system, service, orderId));
  const timing = new TimingChecker(world.outage, () => world.halt());
  const external: ExternalSystems = new ExternalSystems((orderId) => clients.requestOf(orderId));
  const system: SystemUnderTest = new SystemUnderTest({
    seed,
    world,
    services,
    codec: await codecFor(services),
    external,
    plantedBug,
    callsOf: (incarnation, findProcess) => shopCalls(incarnation, world, { external, findProcess, plantedBug }),
    onCommit: (process, { batch, outcomes, began }) => {
      history.record(process, batch, outcomes);
      const { table, server } = process.parts;
      const rowOf = (key: string) => server.tables.rows.get(key);
      timing.committed({ service: table.service, batch, outcomes, rowOf, began, now: world.now });
    },
  });
  const clients: Clients = new Clients(world, system);
  const hadFaults = () => faults.injected.length > 0 || delaysOrders(world.outage);
  const run = { system, clients, external, history, timing, hadFaults, seen: world.seen };
  world.beforeClockMoves = (until) => timing.beforeClockMoves(until);
  const found = await runScenario(world, run, scenarioOf(seed)).then(
    () => (timing.violations.length > 0 ? timing.violations : violations(run)),
    (error: Error) => [...timing.violations, error.message],
  );
  if (!hadFaults()) world.note('nothing went wrong');
  const { seen, steps } = world;
  const outage = world.outage.lastAffected;
  return { seed, violations: found, injected: faults.injected, outage, seen, steps, orders: clients.orders.length };
}

function statusOf(system: SystemUnderTest, service: string, orderId: string): string {
  const row = system.server(service).tables.rows.get(orderId) as { readonly status: string } | undefined;
  return row?.status ?? 'nothing';
}

async function runScenario(world: World, run: SimulationRun, { steps, approves, readAgain }: Scenario): Promise<void> {
  for (const step of steps) {
    await world.run(step.after);
    await perform(run, step);
  }
  await world.run(STEPS_AFTER_SCENARIO);
  run.system.heal();
  run.timing.faultsEnded(world.now);
  await runThroughOutage(world, run, approves);
  await runToRest(world, run);
  await settle(world, run);
  if (!readAgain) return;
  await readEverythingAgain(world, run);
  await settle(world, run);
}

async function perform({ system, clients }: SimulationRun, step: ScenarioStep): Promise<void> {
  switch (step.kind) {
    case 'place':
      return clients.place(step.plan);
    case 'request': {
      const order = clients.orders[step.order];
      return order && clients.request(step.action, order);
    }
    case 'replay':
      return replayAll(system, step.service);
    case 'repair rules':
      return system.rules.repair();
    case 'outage':
      return system.beginOutage(step.participant, lostWith(step.participant));
    default:
      return step satisfies never;
  }
}

/** The outage lasts until everything has happened that has to happen without the participant. */
async function runThroughOutage(world: World, run: SimulationRun, approves: boolean): Promise<void> {
  const { timing, system, clients } = run;
  const { who } = world.outage;
  if (who === undefined) return;
  if (approves) for (const order of clients.orders) clients.request('approve', order);
  const allAnswered = () => clients.orders.every(({ orderId }) => orderId !== undefined);
  await world.run(Number.POSITIVE_INFINITY, () => timing.isIdle && allAnswered());
  timing.checkAtRest();
  timing.violations.push(...openOrders(run).map((open) => `${open}, without ${who}`));
  world.note(`participant away for good: ${who}`);
  system.endOutage();
  timing.faultsEnded(world.now);
}

/** Runs until nothing happens any more; then no timer may still be expected. */
async function runToRest(world: World, { timing }: SimulationRun): Promise<void> {
  await world.run();
  timing.checkAtRest();
}
