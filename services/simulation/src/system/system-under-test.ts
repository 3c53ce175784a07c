import { SESSION_MS } from '@troupe/chassis/internal';
import type { Codec } from '@troupe/schemas';
import { Broker } from '../broker/broker.ts';
import type { PlantedBug } from '../bugs/planted-bug.ts';
import { DatabaseServer } from '../database/server.ts';
import { Incarnation } from '../world/incarnation.ts';
import type { Unavailable } from '../world/outage.ts';
import { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import { BrokenRules } from './broken-rules.ts';
import type { External, SimulatedCalls } from './calls.ts';
import { FaultInjector } from './fault-injector.ts';
import { type FindProcess, type OnCommit, type ServiceParts, ServiceProcess } from './service-process.ts';
import type { SimulatedService } from './simulated-service.ts';

/** The longest time until a process that has died is started again. */
export const RESTART_MS = 10_000;

export interface SystemParts {
  readonly seed: number;
  readonly world: World;
  readonly services: readonly SimulatedService[];
  readonly codec: Codec;
  readonly external: Pick<External, 'isDone'>;
  /** The calls of a process; `findProcess` finds those of the other services. */
  callsOf(incarnation: Incarnation, findProcess: FindProcess): SimulatedCalls;
  readonly plantedBug: PlantedBug;
  readonly onCommit: OnCommit;
}

/** The services with their processes, a database for each service, and the broker. */
export class SystemUnderTest {
  readonly broker: Broker;
  readonly servers: ReadonlyMap<string, DatabaseServer>;
  readonly rules: BrokenRules;
  readonly #world: World;
  readonly #random: Random;
  readonly #faults: FaultInjector;
  readonly #parts = new Map<string, ServiceParts>();
  readonly #processes = new Map<string, ServiceProcess>();
  readonly #instances: number;
  #started = 0;

  constructor({ seed, world, services, codec, external, callsOf, plantedBug, onCommit }: SystemParts) {
    this.#world = world;
    this.#random = new Random(seed, 'company');
    this.broker = new Broker(world);
    this.rules = new BrokenRules(world);
    this.servers = new Map(services.map(({ table: { service } }) => [service, new DatabaseServer(service, world)]));
    const findProcess: FindProcess = (service) => this.processOf(service);
    for (const { table: sound, repository, rows = [] } of services) {
      const table = this.rules.wrap(plantedBug.table?.(sound) ?? sound);
      const server = this.server(table.service);
      for (const [key, row] of rows) server.tables.rows.set(key, row);
      this.#parts.set(table.service, {
        table,
        repository,
        server,
        broker: this.broker,
        relayLock: { holder: undefined },
        external,
        codec,
        plantedBug,
        onCommit,
        callsOf: (incarnation) => callsOf(incarnation, findProcess),
      });
    }
    this.#instances = this.#random.pick([1, 2]);
    for (const service of this.#parts.keys()) this.#startAll(service);
    this.#faults = new FaultInjector({
      world,
      random: this.#random,
      broker: this.broker,
      processNamed: (name) => this.#processes.get(name),
      kill: (process) => this.#kill(process),
    });
  }

  server(service: string): DatabaseServer {
    const server = this.servers.get(service);
    if (server === undefined) throw new Error(`There is no service ${service}.`);
    return server;
  }

  /** A running process that clients and operators reach, picked at random. */
  processOf(service: string): ServiceProcess | undefined {
    const running = this.processes.filter(
      ({ incarnation, parts }) => parts.table.service === service && !incarnation.stopped,
    );
    return running.length === 0 ? undefined : this.#random.pick(running);
  }

  get processes(): readonly ServiceProcess[] {
    return [...this.#processes.values()].filter(({ incarnation }) => incarnation.alive);
  }

  start(service: string): void {
    if (this.#world.outage.stopsService(service)) return;
    this.#started += 1;
    const incarnation = new Incarnation(`${service}-${this.#started}`);
    this.#processes.set(incarnation.name, new ServiceProcess(incarnation, this.#parts.get(service) as ServiceParts));
  }

  #startAll(service: string): void {
    for (let at = 1; at <= this.#instances; at += 1) this.start(service);
  }

  /** A participant has an outage until `endOutage`. */
  beginOutage(participant: string, unavailable: Unavailable): void {
    const { outage } = this.#world;
    // A step of its own: a process that is killed within one of its steps would finish that step.
    this.#world.soon(this.#faults.infrastructure, () => {
      outage.begin(participant, unavailable);
      for (const process of this.processes) if (outage.stopsService(process.parts.table.service)) this.#kill(process);
    });
  }

  /** Starts what the outage had stopped. */
  endOutage(): void {
    const stopped = [...this.#parts.keys()].filter((service) => this.#world.outage.stopsService(service));
    this.#world.outage.end();
    for (const service of stopped) this.#startAll(service);
  }

  /** Full names of the events that a service hears. */
  hears(service: string): ReadonlySet<string> {
    const reactions = this.#parts.get(service)?.table.reactions ?? [];
    return new Set(reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.fullName] : [])));
  }

  /** An operator discards a dead letter that no rule can handle. */
  discard(service: string, id: string): void {
    const { deadLetters } = this.server(service).tables;
    const deadLetter = deadLetters.get(id);
    if (deadLetter !== undefined) deadLetters.set(id, { ...deadLetter, status: 'DISCARDED' });
  }

  /** Ends all faults, and brings back what they have taken down. */
  heal(): void {
    this.#world.faults.end();
    this.#faults.bringBrokerBack();
    this.rules.repairForGood();
    for (const server of this.servers.values()) this.#faults.bringBack(server);
    for (const process of this.processes) this.#faults.resume(process);
  }

  /** Kills a process. Its group notices after the session time-out; another process is started after some time. */
  #kill({ incarnation, parts: { server, table, external }, consumer }: ServiceProcess): void {
    this.#world.note('process killed');
    if (consumer.hasUncommittedOffsets) this.#world.note('process killed between commit and commit of offsets');
    const called = [...server.tables.tasks.values()].some(({ name, key }) => external.isDone(name, key));
    if (called) this.#world.note('process killed between call and commit');
    incarnation.alive = false;
    server.abortOpen((tx) => tx.incarnation === incarnation);
    this.#processes.delete(incarnation.name);
    this.#faults.later(SESSION_MS, () => consumer.group.leave(consumer));
    this.#faults.later(this.#random.pick([100, 3_000, RESTART_MS]), () => this.start(table.service));
  }
}
