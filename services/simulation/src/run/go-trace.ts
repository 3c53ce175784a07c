import { ROOT_CONTEXT } from '@opentelemetry/api';
import { type AnyTable, type Incoming, type IncomingTask, type Outcome, unitOfWork } from '@troupe/chassis/internal';
import type { Codec } from '@troupe/schemas';
import { codecFor } from '../broker/schema-registry.ts';
import { DatabaseServer } from '../database/server.ts';
import { memoryStore } from '../database/store.ts';
import type { StoredEvent, StoredTask } from '../database/tables.ts';
import { Connection } from '../database/transaction.ts';
import { orderOf } from '../invariants/simulation-run.ts';
import { contradictoryFacts } from '../shop/expected-outcome.ts';
import { type OrderStatuses, statusesOf } from '../shop/order-statuses.ts';
import { orderStreams, rows } from '../shop/repositories.ts';
import { Faults } from '../world/faults.ts';
import { Incarnation } from '../world/incarnation.ts';
import { World } from '../world/world.ts';

/** A step of a trace: who handles what. */
export interface TracedStep {
  readonly label: string;
  readonly handles?: readonly TracedHandling[];
}
interface TracedHandling {
  readonly service: string;
  readonly message: TracedMessage;
  /** When; in a file as text (ISO 8601). */
  readonly at: Date | string;
}
interface TracedMessage {
  readonly kind: 'event' | 'command' | 'call' | 'timer';
  readonly type: string;
  readonly key: string;
  readonly data: unknown;
  readonly outcome?: unknown;
  /** It reaches its rule a second time: the inbox, or the task table, has forgotten the first. */
  readonly again?: true;
}

export interface Traced {
  readonly tables: readonly AnyTable[];
  readonly orderId: string;
  /** Rows that are there at the beginning, by service. */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly steps: readonly TracedStep[];
}

export interface Gone {
  /** Where the order stands in each service behind the last step. */
  readonly statuses: OrderStatuses;
  /** Facts about the order that contradict one another, as sentences. */
  readonly contradictions: readonly string[];
}

/**
 * Goes a trace of the prover step by step on the production unit of work, each service with a database in memory. Events are
 * those that the outboxes hold, and calls and timers those that the task tables hold.
 *
 * @throws Error that names the step which the runtime cannot do
 */
export async function goTrace(traced: Traced): Promise<Gone> {
  return await new TraceOnRuntime(traced, await codecFor(traced.tables.map((table) => ({ table })))).go();
}

class TraceOnRuntime {
  readonly #traced: Traced;
  readonly #codec: Codec;
  readonly #world = new World(1, new Faults(1, new Set()));
  /** Calls and timers by service, name and key, as they were when they were handled last. */
  readonly #answered = new Map<string, StoredTask>();
  readonly #servers: ReadonlyMap<string, DatabaseServer>;

  constructor(traced: Traced, codec: Codec) {
    this.#traced = traced;
    this.#codec = codec;
    this.#servers = new Map(
      traced.tables.map(({ service }) => {
        const server = new DatabaseServer(service, this.#world);
        for (const [key, row] of traced.rows.get(service) ?? []) server.tables.rows.set(key, row);
        return [service, server];
      }),
    );
  }

  async go(): Promise<Gone> {
    for (const { label, handles = [] } of this.#traced.steps) {
      for (const handling of handles) await this.#handle(label, handling);
    }
    const { orderId } = this.#traced;
    const said = this.#events().filter(({ aggregateid }) => aggregateid === orderId);
    return {
      statuses: statusesOf((service) => this.#server(service).tables.rows, orderOf, orderId),
      contradictions: contradictoryFacts(said.map(({ type }) => type.split('.').at(-1) ?? '')),
    };
  }

  async #handle(label: string, { service, message, at }: TracedHandling): Promise<void> {
    const incoming = await this.#incoming(label, service, message);
    const server = this.#server(service);
    const table = this.#traced.tables.find((candidate) => candidate.service === service) as AnyTable;
    const incarnation = new Incarnation(service);
    const work = unitOfWork([incoming], {
      database: new Connection(incarnation, server),
      table,
      repository: service === 'order' ? orderStreams : rows,
      encode: this.#codec.encode,
      callCapacity: () => ({ take: () => false }),
      replayLimit: 3,
      eventDepthLimit: 64,
      store: memoryStore,
      environment: { ...this.#world.environment(incarnation), now: () => new Date(at) },
    });
    // The scheduler does what the transaction waits for.
    const [{ outcomes }] = await Promise.all([work, this.#world.run()]);
    const [outcome] = outcomes as readonly Outcome[];
    if (outcome?.kind === 'duplicate' || outcome?.kind === 'parked')
      throw new Error(`${label}: the runtime takes ${message.type} for ${outcome.kind}.`);
  }

  async #incoming(label: string, service: string, message: TracedMessage): Promise<Incoming> {
    const { type, key, data } = message;
    const common = { type, key, correlationId: key, depth: 1, parent: ROOT_CONTEXT };
    switch (message.kind) {
      case 'command':
        return {
          ...common,
          kind: 'command',
          data,
          causationId: key,
          claim: undefined,
          answer: () => ({ status: 200, body: {} }),
        };
      case 'event':
        return await this.#event(label, service, message);
      case 'call':
      case 'timer': {
        const { tasks } = this.#server(service).tables;
        const name = `${type} ${key}`;
        const task = message.again ? this.#answered.get(`${service} ${name}`) : tasks.get(name);
        if (task === undefined) throw new Error(`${label}: ${service} waits for no ${type}.`);
        this.#answered.set(`${service} ${name}`, task);
        if (message.again) tasks.set(name, task);
        const heard = message.kind === 'call' ? { request: task.data, outcome: message.outcome } : task.data;
        const incoming: IncomingTask = { ...common, kind: message.kind, id: task.id, data: heard, causationId: key };
        return incoming;
      }
      default:
        return message.kind satisfies never;
    }
  }

  /** The next event of a type that the service has not handled; the last one that it has, when it comes again. */
  async #event(label: string, service: string, { type, again }: TracedMessage): Promise<Incoming> {
    const { inbox } = this.#server(service).tables;
    const all = this.#events().filter((event) => event.type.endsWith(`.${type}`));
    const found = again ? all.findLast(({ id }) => inbox.has(id)) : all.find(({ id }) => !inbox.has(id));
    if (found === undefined) throw new Error(`${label}: nobody has said ${type}.`);
    if (again) inbox.delete(found.id);
    await this.#codec.learn([found.payload]);
    const { data } = this.#codec.decode(found.payload);
    const key = found.aggregateid;
    return {
      kind: 'event',
      type,
      key,
      data,
      id: found.id,
      causationId: found.id,
      correlationId: key,
      depth: 1,
      parent: ROOT_CONTEXT,
      payloadHash: Buffer.from(found.id),
      record: {
        topic: `${found.aggregatetype}.events`,
        partition: 0,
        offset: String(found.position),
        timestampMs: 0,
        key: Buffer.from(key),
        value: found.payload,
        headers: { ce_id: found.id, ce_type: found.type },
      },
    };
  }

  #events(): readonly StoredEvent[] {
    return [...this.#servers.values()].flatMap(({ tables }) => tables.outbox);
  }

  #server(service: string): DatabaseServer {
    const server = this.#servers.get(service);
    if (server === undefined) throw new Error(`There is no service ${service}.`);
    return server;
  }
}
