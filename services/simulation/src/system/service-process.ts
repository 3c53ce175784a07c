import type { Log } from '@troupe/chassis';
import {
  BatchLoop,
  type BatchLoopObserver,
  DEAD_LETTERS_POLL_MS,
  type DeadLetters,
  deadLetters,
  type Environment,
  type Incoming,
  intake,
  type Outcome,
  Readiness,
  rehearse,
  TASKS_POLL_MS,
  TaskRunner,
  unitOfWork,
} from '@troupe/chassis/internal';
import type { Codec } from '@troupe/schemas';
import type { Broker } from '../broker/broker.ts';
import { EVENT_DEPTH_LIMIT } from '../broker/foreign-producers.ts';
import type { PlantedBug } from '../bugs/planted-bug.ts';
import type { DatabaseServer } from '../database/server.ts';
import { memoryStore } from '../database/store.ts';
import { Connection } from '../database/transaction.ts';
import type { Incarnation } from '../world/incarnation.ts';
import type { External, SimulatedCalls } from './calls.ts';
import { SimulatedConsumer } from './consumer.ts';
import { type RelayLock, startRelay } from './relay.ts';
import type { SimulatedService } from './simulated-service.ts';

/** Called at the moment of each commit of a batch. */
export type OnCommit = (
  process: ServiceProcess,
  committed: { readonly batch: readonly Incoming[]; readonly outcomes: readonly Outcome[]; readonly began: number },
) => void;

/** Finds a running process of a service. */
export type FindProcess = (service: string) => ServiceProcess | undefined;

export interface ServiceParts extends Pick<SimulatedService, 'table' | 'repository'> {
  readonly server: DatabaseServer;
  readonly broker: Broker;
  readonly relayLock: RelayLock;
  readonly external: Pick<External, 'isDone'>;
  callsOf(incarnation: Incarnation): SimulatedCalls;
  readonly codec: Codec;
  readonly plantedBug: PlantedBug;
  readonly onCommit: OnCommit;
}

const REPLAY_LIMIT = 3;

const nothing = () => undefined;
const silent = { warn: nothing, info: nothing, debug: nothing, error: nothing } as unknown as Log;

/**
 * One process of a service: the production batch loop, unit of work, intake, task runner, dead letters and relay, on a database
 * and a broker in memory. It is assembled as in the chassis' own service runner.
 */
export class ServiceProcess {
  readonly incarnation: Incarnation;
  readonly parts: ServiceParts;
  readonly loop: BatchLoop<unknown>;
  readonly deadLetters: DeadLetters;
  readonly consumer: SimulatedConsumer;
  readonly #tasks: TaskRunner;

  constructor(incarnation: Incarnation, parts: ServiceParts) {
    this.incarnation = incarnation;
    this.parts = parts;
    const { table, server, broker, codec, plantedBug } = parts;
    const environment = server.world.environment(incarnation);
    const decode = intake({ table, codec, readiness: new Readiness(), log: silent });
    this.loop = new BatchLoop({
      work: (batch) => unitOfWork(batch, this.#work(batch)),
      decode,
      environment,
      observer: this.#observer(),
    });
    const database = new Connection(incarnation, server);
    const store = plantedBug.store ?? memoryStore;
    this.#tasks = new TaskRunner({
      sagaField: table.sagaField,
      database,
      store,
      calls: parts.callsOf(incarnation),
      submit: (task) => this.loop.submit(task),
      readiness: new Readiness(),
      log: silent,
      environment: this.#untilDue(environment),
    });
    this.deadLetters = deadLetters({
      database,
      store,
      decode,
      handleAgain: (messages) => this.loop.handleAgain(messages),
      rehearse: (messages) => rehearse(messages, this.#work(messages)),
    });
    this.#tasks.start();
    this.#releaseParked();
    startRelay({ incarnation, server, broker, relayLock: parts.relayLock, bug: plantedBug.relay });
    this.consumer = new SimulatedConsumer({
      incarnation,
      broker,
      groupId: table.service,
      topics: topicsOf(table),
      sink: this.loop,
      offsetBeforeCommit: plantedBug.offsetBeforeCommit === true,
    });
  }

  #work(batch: readonly Incoming[]) {
    const { table, repository, server, codec, plantedBug, onCommit } = this.parts;
    const committed = (result: unknown, began: number) =>
      onCommit(this, { batch, outcomes: (result as { readonly outcomes: Outcome[] }).outcomes, began });
    return {
      database: new Connection(this.incarnation, server, committed),
      table,
      repository,
      encode: codec.encode,
      callCapacity: () => this.#tasks.capacity(),
      replayLimit: REPLAY_LIMIT,
      eventDepthLimit: EVENT_DEPTH_LIMIT,
      store: plantedBug.store ?? memoryStore,
      environment: server.world.environment(this.incarnation),
    };
  }

  #observer(): BatchLoopObserver {
    return {
      committed: (_, { newTasks }) => this.#tasks.begin(newTasks),
      waiting: nothing,
      nothingWaits: nothing,
      failed: nothing,
    };
  }

  /** Leaves out the polls of the task runner that would find nothing. */
  #untilDue(environment: Environment): Environment {
    const { server } = this.parts;
    const { world } = server;
    return {
      ...environment,
      after: (ms, work) => {
        if (ms !== TASKS_POLL_MS) return environment.after(ms, work);
        const earliest = world.now + ms;
        return world.whenever(this.incarnation, () => Math.max(earliest, server.nextDue()), work);
      },
    };
  }

  /** Releases parked messages as the replay worker does. Polls that would find nothing are left out. */
  #releaseParked(): void {
    const { server } = this.parts;
    const { world } = server;
    const earliest = world.now + DEAD_LETTERS_POLL_MS;
    world.whenever(
      this.incarnation,
      () => (server.hasReleasable && !server.isDown ? Math.max(earliest, world.now) : Number.POSITIVE_INFINITY),
      () => {
        void this.deadLetters
          .release()
          .then((count) => count > 0 && world.note('parked messages released'))
          .catch(nothing)
          .then(() => this.#releaseParked());
      },
    );
  }
}

const topicsOf = ({ reactions }: ServiceParts['table']): readonly string[] => [
  ...new Set(reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.topic] : []))),
];
