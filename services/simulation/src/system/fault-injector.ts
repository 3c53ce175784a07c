import { ABANDONED_MS, SESSION_MS, SILENCE_MS } from '@troupe/chassis/internal';
import type { Broker } from '../broker/broker.ts';
import {
  FOREIGN_HEADER,
  FOREIGN_PRODUCER_NAMES,
  FOREIGN_PRODUCERS,
  type ForeignProducer,
} from '../broker/foreign-producers.ts';
import type { DatabaseServer } from '../database/server.ts';
import type { Fault } from '../world/faults.ts';
import { Incarnation } from '../world/incarnation.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';
import type { RelayLock } from './relay.ts';
import type { ServiceProcess } from './service-process.ts';

/** Faults of a whole process, or of the servers that it uses. */
const PROCESS_FAULTS: readonly Fault[] = [
  'process killed',
  'process stopped',
  'database crashed',
  'database away',
  'slot lost',
  'broker away',
  'group thrown back',
  'stranger writes',
];

export interface FaultTargets {
  readonly world: World;
  readonly random: Random;
  readonly broker: Broker;
  processNamed(name: string): ServiceProcess | undefined;
  kill(process: ServiceProcess): void;
}

/** Injects faults into processes, databases and the broker, between two steps of a process. */
export class FaultInjector {
  /** What servers do by themselves, such as coming back after some time. */
  readonly infrastructure = new Incarnation('infrastructure');
  readonly #targets: FaultTargets;

  constructor(targets: FaultTargets) {
    this.#targets = targets;
    const { world } = targets;
    if (world.faults.canInject(PROCESS_FAULTS)) world.interrupt = (incarnation) => this.#interrupt(incarnation);
  }

  later(ms: number, work: () => void): void {
    this.#targets.world.after(this.infrastructure, ms, work);
  }

  bringBrokerBack(): void {
    const { broker } = this.#targets;
    broker.isDown = false;
    for (const topic of broker.topics) broker.notify(topic);
  }

  bringBack(server: DatabaseServer): void {
    server.isDown = false;
    server.notify();
  }

  /** A stopped process continues with its next step, and learns only then that it has lost its partitions. */
  resume({ incarnation, consumer }: ServiceProcess): void {
    if (!incarnation.stopped) return;
    incarnation.stopped = false;
    if (!consumer.group.isMember(consumer)) consumer.rebalanced();
  }

  /** May inject one fault before a step of a process; true when the step is not taken. */
  #interrupt(incarnation: Incarnation): boolean {
    const { world, kill, processNamed } = this.#targets;
    const process = processNamed(incarnation.name);
    if (process === undefined) return false;
    const { server } = process.parts;
    const injected = (fault: Fault) => world.faults.inject(fault, () => incarnation.name);
    if (injected('process killed')) kill(process);
    else if (injected('process stopped')) this.#stop(process);
    else if (injected('database crashed')) server.crash();
    else if (injected('database away')) this.#takeDown(server);
    else if (injected('slot lost')) this.#loseSlot(server);
    else if (injected('broker away')) this.#takeBrokerDown();
    else if (injected('group thrown back')) this.#resetOffsets(process);
    else if (injected('stranger writes')) this.#writeForeignRecord(process);
    return !incarnation.alive || incarnation.stopped;
  }

  /** Stops a process for some time. It loses its partitions, its relay lock and its transactions, each after a time-out. */
  #stop(process: ServiceProcess): void {
    const { world, random } = this.#targets;
    const {
      incarnation,
      parts: { server, relayLock },
      consumer,
    } = process;
    const ms = random.pick([2_000, 8_000, 20_000, 40_000]);
    incarnation.stopped = true;
    const since = world.now;
    const ifStill = (work: () => void) => () => incarnation.stopped && world.now >= since && work();
    this.later(
      SESSION_MS,
      ifStill(() => consumer.group.leave(consumer)),
    );
    this.later(
      SILENCE_MS,
      ifStill(() => relayLock.holder === incarnation && this.#releaseRelayLock(relayLock, server)),
    );
    this.later(
      ABANDONED_MS,
      ifStill(() => server.abortOpen((tx) => tx.incarnation === incarnation)),
    );
    this.later(ms, () => this.resume(process));
    world.note(ms > SESSION_MS ? 'process stopped for longer than its session' : 'process stopped');
  }

  #releaseRelayLock(relayLock: RelayLock, server: DatabaseServer): void {
    relayLock.holder = undefined;
    server.notify();
  }

  #takeDown(server: DatabaseServer): void {
    this.#targets.world.note('database away');
    server.isDown = true;
    server.crash();
    this.later(this.#targets.random.pick([1_000, 10_000, 70_000]), () => this.bringBack(server));
  }

  #loseSlot(server: DatabaseServer): void {
    server.slot = undefined;
    server.notify();
  }

  #takeBrokerDown(): void {
    const { world, random, broker } = this.#targets;
    world.note('broker away');
    broker.isDown = true;
    this.later(random.pick([1_000, 10_000, 70_000]), () => this.bringBrokerBack());
  }

  #resetOffsets({ consumer }: ServiceProcess): void {
    this.#targets.world.note('group thrown back');
    consumer.group.resetOffsets(this.#targets.random.pick([1, 3, Number.POSITIVE_INFINITY]));
  }

  /** A foreign producer writes a record, made from one of the service's own events. */
  #writeForeignRecord({ parts: { table } }: ServiceProcess): void {
    const { world, random, broker } = this.#targets;
    const known = broker.records(`${table.service}.events`);
    if (known.length === 0) return;
    const name = random.pick(FOREIGN_PRODUCER_NAMES);
    const write = FOREIGN_PRODUCERS[name] as ForeignProducer;
    const record = write(random.pick(known), random);
    world.note(`foreign producer wrote: ${name}`);
    broker.store([{ ...record, headers: { ...record.headers, [FOREIGN_HEADER]: name } }]);
  }
}
