import {
  BatchLoop,
  type DeadLetters,
  type Incoming,
  type Log,
  letters,
  type Outcome,
  rehearse,
  unitOfWork,
} from '@troupe/chassis';
import {
  type BatchLoopObserver,
  type Environment,
  intake,
  LETTERS_POLL_MS,
  Readiness,
  TASKS_POLL_MS,
  TaskRunner,
} from '@troupe/chassis/internal';
import type { Codec } from '@troupe/schemas';
import type { Broker } from '../broker/broker.ts';
import type { DatabaseServer } from '../database/server.ts';
import { memoryStore } from '../database/store.ts';
import { Connection } from '../database/transaction.ts';
import type { SimulatedService } from '../service.ts';
import type { Life } from '../world.ts';
import type { Outside, SimulatedCalls } from './calls.ts';
import { SimulatedConsumer } from './consumer.ts';
import type { PlantedInProcesses } from './planted.ts';
import { startRelay, type Turn } from './relay.ts';

/** What is told of every batch that was committed, in the same instant. */
export type Watch = (
  process: ServiceProcess,
  committed: { readonly batch: readonly Incoming[]; readonly outcomes: readonly Outcome[]; readonly began: number },
) => void;

/** Finds a process of a service that answers: any that runs. */
export type Reach = (service: string) => ServiceProcess | undefined;

export interface ServiceParts extends Pick<SimulatedService, 'table' | 'repository'> {
  readonly server: DatabaseServer;
  readonly broker: Broker;
  readonly turn: Turn;
  readonly outside: Pick<Outside, 'isDone'>;
  callsOf(life: Life): SimulatedCalls;
  readonly codec: Codec;
  readonly planted: PlantedInProcesses;
  readonly watch: Watch;
}

const REPLAY_LIMIT = 3;

const nothing = () => undefined;
const silent = { warn: nothing, info: nothing, debug: nothing, error: nothing } as unknown as Log;

/**
 * One process of a service, as service-runner.ts puts it together: the real batch loop, unit of work, intake, task runner, dead letters
 * and relay, on a database and a broker in memory.
 */
export class ServiceProcess {
  readonly life: Life;
  readonly parts: ServiceParts;
  readonly loop: BatchLoop<unknown>;
  readonly letters: DeadLetters;
  readonly consumer: SimulatedConsumer;
  readonly #tasks: TaskRunner;

  constructor(life: Life, parts: ServiceParts) {
    this.life = life;
    this.parts = parts;
    const { table, server, broker, codec, planted } = parts;
    const environment = server.world.environment(life);
    const decode = intake({ table, codec, readiness: new Readiness(), log: silent });
    this.loop = new BatchLoop({
      work: (batch) => unitOfWork(batch, this.#work(batch)),
      ...{ decode, environment, observer: this.#observer() },
    });
    const database = new Connection(life, server);
    const store = planted.store ?? memoryStore;
    this.#tasks = new TaskRunner({
      sagaField: table.sagaField,
      ...{ database, store, calls: parts.callsOf(life) },
      submit: (task) => this.loop.submit(task),
      ...{ readiness: new Readiness(), log: silent, environment: this.#untilDue(environment) },
    });
    this.letters = letters({
      ...{ database, store, decode },
      handleAgain: (messages) => this.loop.handleAgain(messages),
      rehearse: (messages) => rehearse(messages, this.#work(messages)),
    });
    this.#tasks.start();
    this.#releaseParked();
    startRelay({ life, server, broker, turn: parts.turn, bug: planted.relay });
    this.consumer = new SimulatedConsumer({
      ...{ life, broker, groupId: table.service, topics: topicsOf(table), sink: this.loop },
      offsetBeforeCommit: planted.offsetBeforeCommit === true,
    });
  }

  #work(batch: readonly Incoming[]) {
    const { table, repository, server, codec, planted, watch } = this.parts;
    const committed = (result: unknown, began: number) =>
      watch(this, { batch, outcomes: (result as { readonly outcomes: Outcome[] }).outcomes, began });
    return {
      database: new Connection(this.life, server, committed),
      ...{ table, repository, encode: codec.encode },
      callCapacity: () => this.#tasks.places(),
      ...{ replayLimit: REPLAY_LIMIT, store: planted.store ?? memoryStore },
      environment: server.world.environment(this.life),
    };
  }

  #observer(): BatchLoopObserver {
    return {
      committed: (_, { newTasks }) => this.#tasks.begin(newTasks),
      ...{ waiting: nothing, nothingWaits: nothing, failed: nothing },
    };
  }

  /** The runner's looks that would find nothing are left out. */
  #untilDue(environment: Environment): Environment {
    const { server } = this.parts;
    const { world } = server;
    return {
      ...environment,
      after: (ms, work) => {
        if (ms !== TASKS_POLL_MS) return environment.after(ms, work);
        const earliest = world.now + ms;
        return world.whenever(this.life, () => Math.max(earliest, server.nextDue()), work);
      },
    };
  }

  /** As the replay worker does from time to time; where nothing is parked it need not look. */
  #releaseParked(): void {
    const { server } = this.parts;
    const { world } = server;
    const earliest = world.now + LETTERS_POLL_MS;
    world.whenever(
      this.life,
      () => (server.hasReleasable && !server.isAway ? Math.max(earliest, world.now) : Number.POSITIVE_INFINITY),
      () => {
        void this.letters
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
