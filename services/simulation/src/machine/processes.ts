import { ABANDONED_MS, SESSION_MS, SILENCE_MS } from '@troupe/chassis/internal';
import type { Codec } from '@troupe/schemas';
import type { Gone } from './absence.ts';
import { Broker } from './broker/broker.ts';
import { DatabaseServer } from './database/server.ts';
import type { Fault } from './faults.ts';
import { RESTART_MS } from './limits.ts';
import type { Outside, SimulatedCalls } from './process/calls.ts';
import type { PlantedInProcesses } from './process/planted.ts';
import { type Reach, type ServiceParts, ServiceProcess, type Watch } from './process/service-process.ts';
import { Random } from './random.ts';
import { BrokenRules } from './rules-broken.ts';
import type { SimulatedService } from './service.ts';
import { STRANGER_HEADER, STRANGER_NAMES, STRANGERS, type Stranger } from './strangers.ts';
import { Life, type World } from './world.ts';

/** What befalls a whole process, or what it stands on. */
const BEFALLING: readonly Fault[] = [
  ...(['process killed', 'process stopped', 'database crashed', 'database away'] as const),
  ...(['slot lost', 'broker away', 'group thrown back', 'stranger writes'] as const),
];

export interface ProcessesParts {
  readonly seed: number;
  readonly world: World;
  readonly services: readonly SimulatedService[];
  readonly codec: Codec;
  readonly outside: Pick<Outside, 'isDone'>;
  /** The calls of a process; `reach` finds the processes of the others. */
  callsOf(life: Life, reach: Reach): SimulatedCalls;
  readonly planted: PlantedInProcesses;
  readonly watch: Watch;
}

/** All processes of all services, and what befalls them. */
export class Processes {
  readonly broker: Broker;
  readonly servers: ReadonlyMap<string, DatabaseServer>;
  readonly rules: BrokenRules;
  /** Whatever happens of its own accord. */
  readonly nature = new Life('nature');
  readonly #world: World;
  readonly #random: Random;
  readonly #parts = new Map<string, ServiceParts>();
  readonly #processes = new Map<string, ServiceProcess>();
  readonly #instances: number;
  #started = 0;

  constructor({ seed, world, services, codec, outside, callsOf, planted, watch }: ProcessesParts) {
    this.#world = world;
    this.#random = new Random(seed, 'company');
    this.broker = new Broker(world);
    this.rules = new BrokenRules(world);
    this.servers = new Map(services.map(({ table: { service } }) => [service, new DatabaseServer(service, world)]));
    const reach: Reach = (service) => this.processOf(service);
    for (const { table: sound, repository, rows = [] } of services) {
      const table = this.rules.over(planted.table?.(sound) ?? sound);
      const server = this.server(table.service);
      for (const [key, row] of rows) server.tables.rows.set(key, row);
      this.#parts.set(table.service, {
        ...{ table, repository, server, broker: this.broker, turn: { holder: undefined } },
        ...{ outside, codec, planted, watch, callsOf: (life) => callsOf(life, reach) },
      });
    }
    this.#instances = this.#random.pick([1, 2]);
    for (const service of this.#parts.keys()) this.#startAll(service);
    if (world.faults.mayStrike(BEFALLING)) world.befall = (life) => this.#befall(life);
  }

  server(service: string): DatabaseServer {
    const server = this.servers.get(service);
    if (server === undefined) throw new Error(`There is no service ${service}.`);
    return server;
  }

  /** A process that clients and operators reach: any that runs. */
  processOf(service: string): ServiceProcess | undefined {
    const running = this.running.filter(({ life, parts }) => parts.table.service === service && !life.stopped);
    return running.length === 0 ? undefined : this.#random.pick(running);
  }

  get running(): readonly ServiceProcess[] {
    return [...this.#processes.values()].filter(({ life }) => life.alive);
  }

  start(service: string): void {
    if (this.#world.absence.takesService(service)) return;
    this.#started += 1;
    const life = new Life(`${service}-${this.#started}`);
    this.#processes.set(life.name, new ServiceProcess(life, this.#parts.get(service) as ServiceParts));
  }

  #startAll(service: string): void {
    for (let at = 1; at <= this.#instances; at += 1) this.start(service);
  }

  /** Somebody goes, and does not come back of itself. */
  leave(who: string, gone: Gone): void {
    const { absence } = this.#world;
    // As a step of its own: a process that dies in the middle of one would go on for a moment.
    this.#world.soon(this.nature, () => {
      absence.begin(who, gone);
      for (const process of this.running) if (absence.takesService(process.parts.table.service)) this.#kill(process);
    });
  }

  /** Whoever was away is there again, with all that it owes. */
  comeBack(): void {
    const gone = [...this.#parts.keys()].filter((service) => this.#world.absence.takesService(service));
    this.#world.absence.end();
    for (const service of gone) this.#startAll(service);
  }

  /** Full names of the events that a service hears. */
  hears(service: string): ReadonlySet<string> {
    const reactions = this.#parts.get(service)?.table.reactions ?? [];
    return new Set(reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.fullName] : [])));
  }

  /** Settles a dead letter by hand that nobody can handle. */
  discard(service: string, id: string): void {
    const { letters } = this.server(service).tables;
    const letter = letters.get(id);
    if (letter !== undefined) letters.set(id, { ...letter, status: 'DISCARDED' });
  }

  /** Everything runs again, and nothing more goes wrong. */
  heal(): void {
    this.#world.faults.end();
    this.#brokerBack();
    this.rules.mend();
    for (const server of this.servers.values()) this.#back(server);
    for (const process of this.running) this.#goOn(process);
  }

  /** Something may befall whoever takes a step; true when the step is not taken. */
  #befall(life: Life): boolean {
    const process = this.#processes.get(life.name);
    if (process === undefined) return false;
    const { server } = process.parts;
    const strikes = (fault: Fault) => this.#world.faults.strike(fault, () => life.name);
    if (strikes('process killed')) this.#kill(process);
    else if (strikes('process stopped')) this.#stop(process);
    else if (strikes('database crashed')) server.crash();
    else if (strikes('database away')) this.#away(server);
    else if (strikes('slot lost')) this.#loseSlot(server);
    else if (strikes('broker away')) this.#brokerAway();
    else if (strikes('group thrown back')) this.#throwBack(process);
    else if (strikes('stranger writes')) this.#strangerWrites(process);
    return !life.alive || life.stopped;
  }

  #later(ms: number, work: () => void): void {
    this.#world.after(this.nature, ms, work);
  }

  #kill({ life, parts: { server, table, outside }, consumer }: ServiceProcess): void {
    this.#world.note('process killed');
    if (consumer.owesCommit) this.#world.note('process killed between commit and commit of offsets');
    const called = [...server.tables.tasks.values()].some(({ name, key }) => outside.isDone(name, key));
    if (called) this.#world.note('process killed between call and commit');
    life.alive = false;
    server.abortOpen((tx) => tx.life === life);
    this.#processes.delete(life.name);
    this.#later(SESSION_MS, () => consumer.group.leave(consumer));
    this.#later(this.#random.pick([100, 3_000, RESTART_MS]), () => this.start(table.service));
  }

  /** Stopped without a word. Its partitions, its turn and its transactions are taken from it one after the other. */
  #stop(process: ServiceProcess): void {
    const {
      life,
      parts: { server, turn },
      consumer,
    } = process;
    const ms = this.#random.pick([2_000, 8_000, 20_000, 40_000]);
    life.stopped = true;
    const since = this.#world.now;
    const ifStill = (work: () => void) => () => life.stopped && this.#world.now >= since && work();
    this.#later(
      SESSION_MS,
      ifStill(() => consumer.group.leave(consumer)),
    );
    this.#later(
      SILENCE_MS,
      ifStill(() => turn.holder === life && this.#takeTurn(turn, server)),
    );
    this.#later(
      ABANDONED_MS,
      ifStill(() => server.abortOpen((tx) => tx.life === life)),
    );
    this.#later(ms, () => this.#goOn(process));
    this.#world.note(ms > SESSION_MS ? 'process stopped for longer than its session' : 'process stopped');
  }

  #takeTurn(turn: { holder: Life | undefined }, server: DatabaseServer): void {
    turn.holder = undefined;
    server.tell();
  }

  /** Goes on where it was, and learns only then that it was given up. */
  #goOn({ life, consumer }: ServiceProcess): void {
    if (!life.stopped) return;
    life.stopped = false;
    if (!consumer.group.isMember(consumer)) consumer.rebalanced();
  }

  #away(server: DatabaseServer): void {
    this.#world.note('database away');
    server.isAway = true;
    server.crash();
    this.#later(this.#random.pick([1_000, 10_000, 70_000]), () => this.#back(server));
  }

  #back(server: DatabaseServer): void {
    server.isAway = false;
    server.tell();
  }

  #loseSlot(server: DatabaseServer): void {
    server.slot = undefined;
    server.tell();
  }

  #brokerAway(): void {
    this.#world.note('broker away');
    this.broker.isAway = true;
    this.#later(this.#random.pick([1_000, 10_000, 70_000]), () => this.#brokerBack());
  }

  #brokerBack(): void {
    this.broker.isAway = false;
    for (const topic of this.broker.topics) this.broker.tell(topic);
  }

  #throwBack({ consumer }: ServiceProcess): void {
    this.#world.note('group thrown back');
    consumer.group.throwBack(this.#random.pick([1, 3, Number.POSITIVE_INFINITY]));
  }

  /** Somebody who is not ours puts a record on a topic, modelled on one about an order that is under way. */
  #strangerWrites({ parts: { table } }: ServiceProcess): void {
    const known = this.broker.records(`${table.service}.events`);
    if (known.length === 0) return;
    const name = this.#random.pick(STRANGER_NAMES);
    const write = STRANGERS[name] as Stranger;
    const record = write(this.#random.pick(known), this.#random);
    this.#world.note(`stranger wrote: ${name}`);
    this.broker.store([{ ...record, headers: { ...record.headers, [STRANGER_HEADER]: name } }]);
  }
}
