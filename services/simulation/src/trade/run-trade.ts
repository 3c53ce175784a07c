import { hash } from 'node:crypto';
import type { Command } from '@troupe/chassis';
import type { DeadRecord } from '@troupe/chassis/internal';
import { codecFor } from '../broker/schema-registry.ts';
import type { PlantedBug } from '../bugs/planted-bug.ts';
import { atRest, loops, published, received, refusedFromNewerProducer } from '../system/at-rest.ts';
import { type External, simulatedCalls } from '../system/calls.ts';
import { settleDeadLetters } from '../system/replays.ts';
import type { SimulatedService } from '../system/simulated-service.ts';
import { SystemUnderTest } from '../system/system-under-test.ts';
import { Faults, type InjectedFault } from '../world/faults.ts';
import { Incarnation } from '../world/incarnation.ts';
import { World } from '../world/world.ts';

/** A trade: its services, the external systems that they call, and the commands of its clients. */
export interface Trade {
  readonly services: readonly SimulatedService[];
  readonly external: External;
  readonly commands: readonly TradeCommand[];
}

export interface TradeCommand {
  readonly service: string;
  readonly command: Command;
}

export interface TradeResult {
  /** A sentence for each invariant of the runtime that does not hold. The trade checks its own. */
  readonly violations: readonly string[];
  readonly injected: readonly InjectedFault[];
  /** What a service has set aside, each time that it could not handle it. */
  deadLettersOf(service: string): readonly DeadRecord[];
  /** The rows that a service has at the end, by key. */
  rowsOf(service: string): ReadonlyMap<string, unknown>;
}

/** How long a client waits for an answer, and after which pause it asks again. */
const CLIENT_WAITS_MS = 5_000;
const AGAIN_MS = 1_000;
const STEPS_BETWEEN_COMMANDS = 20;
/** Steps in which faults are still injected after the last command. */
const STEPS_AFTER_COMMANDS = 300;
/** Rounds of replaying. What is open after them stays open, and violates an invariant. */
const MAX_ROUNDS = 12;

/**
 * Runs a trade to its end, with the faults that the seed draws. Clients repeat their commands until they are answered; faults end;
 * the system comes to rest; operators replay dead letters. The same seed is the same run.
 */
export async function runTrade(
  seed: number,
  { services, external, commands }: Trade,
  plantedBug: PlantedBug = {},
): Promise<TradeResult> {
  const faults = new Faults(seed);
  const world = new World(seed, faults);
  const system = new SystemUnderTest({
    seed,
    world,
    services,
    external,
    plantedBug,
    codec: await codecFor(services),
    callsOf: (incarnation) => simulatedCalls(incarnation, world, external),
    onCommit: () => undefined,
  });
  for (const command of commands) {
    void untilAnswered(command, world, system);
    await world.run(STEPS_BETWEEN_COMMANDS);
  }
  await world.run(STEPS_AFTER_COMMANDS);
  system.heal();
  await world.run();
  const servers = [...system.servers.values()];
  for (let round = 0; round < MAX_ROUNDS && servers.some((server) => server.hasOpenDeadLetters); round += 1) {
    await settleDeadLetters(world, system);
  }
  const violations = servers.flatMap((server) => [
    ...atRest(server),
    ...loops(server, system),
    ...published(server, system),
    ...received(server, system),
    ...refusedFromNewerProducer(server),
  ]);
  return {
    violations,
    injected: faults.injected,
    deadLettersOf: (service) => system.server(service).tables.deadLetterOutbox,
    rowsOf: (service) => system.server(service).tables.rows,
  };
}

/** Repeats a command with one idempotency key until there is an answer. */
async function untilAnswered({ service, command }: TradeCommand, world: World, system: SystemUnderTest): Promise<void> {
  const client = new Incarnation('client');
  const name = `${command.type} ${command.key}`;
  const claim = { scope: service, key: name, requestHash: hash('sha256', name, 'buffer') };
  for (;;) {
    const answer = system.processOf(service)?.loop.execute(command, () => ({ status: 202, body: {} }), claim);
    const late = world.sleep(client, CLIENT_WAITS_MS).then(() => false);
    if (await Promise.race([answer?.then(() => true).catch(() => false) ?? false, late])) return;
    await world.sleep(client, AGAIN_MS);
  }
}
