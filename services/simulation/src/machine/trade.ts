import { hash } from 'node:crypto';
import type { Command } from '@troupe/chassis';
import { atRest, published, received, refusedOfOneAhead } from './at-rest.ts';
import { Faults, type Strike } from './faults.ts';
import { callsTo, type Outside } from './process/calls.ts';
import type { PlantedInProcesses } from './process/planted.ts';
import { codecFor } from './process/registry.ts';
import { Processes } from './processes.ts';
import type { SimulatedService } from './service.ts';
import { settleDeadLetters } from './settling.ts';
import { Life, World } from './world.ts';

/** A trade: its services, whom they ask, and what its clients want. */
export interface Trade {
  readonly services: readonly SimulatedService[];
  readonly outside: Outside;
  readonly wishes: readonly Wish[];
}

export interface Wish {
  readonly service: string;
  readonly command: Command;
}

export interface Ended {
  /** What is wrong with the runtime, in sentences; none when all is well. What is right for the trade, the trade knows. */
  readonly wrongs: readonly string[];
  readonly strikes: readonly Strike[];
  /** The rows that a service has in the end, by key. */
  rowsOf(service: string): ReadonlyMap<string, unknown>;
}

/** A client waits so long for an answer, and asks again after so long without one. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 1_000;
/** Between two wishes so many steps are taken; behind the last one, everything may still go wrong for so many. */
const BETWEEN = 20;
const AFTERMATH = 300;
/** How often operators go through what was set aside. */
const ROUNDS = 12;

/**
 * Runs a trade to its end with the faults that the seed draws: its clients ask until they are answered; then everything is healed,
 * and comes to rest. The same seed is the same run.
 */
export async function runTrade(
  seed: number,
  { services, outside, wishes }: Trade,
  planted: PlantedInProcesses = {},
): Promise<Ended> {
  const faults = new Faults(seed);
  const world = new World(seed, faults);
  const processes = new Processes({
    ...{ seed, world, services, outside, planted, codec: await codecFor(services) },
    callsOf: (life) => callsTo(outside, life, world),
    watch: () => undefined,
  });
  for (const wish of wishes) {
    void asked(wish, world, processes);
    await world.run(BETWEEN);
  }
  await world.run(AFTERMATH);
  processes.heal();
  await world.run();
  const servers = [...processes.servers.values()];
  for (let round = 0; round < ROUNDS && servers.some((server) => server.hasOpenLetters); round += 1) {
    await settleDeadLetters(world, processes);
  }
  const wrongs = servers.flatMap((server) => [
    ...[...atRest(server), ...published(server, processes)],
    ...[...received(server, processes), ...refusedOfOneAhead(server)],
  ]);
  return { wrongs, strikes: faults.strikes, rowsOf: (service) => processes.server(service).tables.rows };
}

const CLIENTS = new Life('clients');

/** Asks with the same idempotency key until there is an answer. */
async function asked({ service, command }: Wish, world: World, processes: Processes): Promise<void> {
  const name = `${command.type} ${command.key}`;
  const claim = { scope: service, key: name, requestHash: hash('sha256', name, 'buffer') };
  for (;;) {
    const answer = processes.processOf(service)?.loop.execute(command, () => ({ status: 202, body: {} }), claim);
    const late = world.sleep(CLIENTS, PATIENCE_MS).then(() => false);
    const taken = await Promise.race([answer?.then(() => true).catch(() => false) ?? false, late]);
    if (taken) return;
    await world.sleep(CLIENTS, AGAIN_MS);
  }
}
