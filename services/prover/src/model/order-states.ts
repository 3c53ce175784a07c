import type { Channel } from './channel.ts';
import type { Budget, Domain } from './domain.ts';
import { Interner } from './interner.ts';
import type { Message, PendingTask } from './message.ts';
import type { Change, Extra, From } from './move.ts';
import { type Part, ServiceModel } from './service-model.ts';
import { topicsOf } from './topics.ts';
import { VectorTable } from './vector-table.ts';

/** What is known of an order in one state. */
export interface OrderView<Outside> {
  rows(service: string): ReadonlyMap<string, unknown>;
  tasks(service: string): ReadonlyMap<string, PendingTask>;
  shared(service: string): ReadonlyMap<string, unknown>;
  readonly outside: Outside;
}

/** An answer of the outside, as numbers. */
export interface GivenAnswer {
  readonly message: number;
  readonly outside: number;
  readonly label: string;
  readonly uses: Budget | undefined;
}

/**
 * The states of an order, as numbers. A state is a vector: what each service has in its database, what is in each topic, what
 * was done outside, and the rest; each of these is a number of its own, so that equal ones are stored once.
 */
export class OrderStates<Outside> {
  readonly domain: Domain<Outside>;
  readonly services: readonly ServiceModel[];
  /** By service: its topic. */
  readonly topics: readonly Channel[];
  /** By service: who reads its topic. */
  readonly consumers: readonly (readonly number[])[];
  readonly messages = new Interner<Message>();
  readonly outsides = new Interner<Outside>();
  readonly #extras = new Interner<Extra>();
  readonly #shared = new Interner<readonly number[]>();
  readonly #states: VectorTable;
  readonly #taskNumbers = new Map<PendingTask, number>();
  readonly #answers = new Map<string, readonly GivenAnswer[]>();
  /** Numbers that were made of others, by how. */
  readonly #made = new Map<string, number>();
  readonly width: number;

  constructor(domain: Domain<Outside>) {
    this.domain = domain;
    this.services = domain.tables.map(
      (table) =>
        new ServiceModel({
          table,
          isShared: (key) => domain.isShared(table.service, key),
          stored: (row) => domain.stored(table.service, row),
        }),
    );
    const { topics, consumers } = topicsOf(this.services, (event) => this.messages.valueOf(event).type);
    this.topics = topics;
    this.consumers = consumers;
    this.width = 2 * this.services.length + 2;
    this.#states = new VectorTable(this.width);
  }

  get bytes(): number {
    return this.#states.bytes;
  }

  /** An order of which nothing is known yet. */
  nothing(extra: Extra): Change {
    const vector = new Array<number>(this.width).fill(0);
    for (const [service, topic] of this.topics.entries()) vector[this.topicAt(service)] = topic.empty;
    vector[this.outsideAt] = this.outsides.idOf(this.domain.nothingDone);
    vector[this.#extraAt] = this.#extras.idOf(extra);
    const shared = this.services.map(({ name, shared }) => shared.idOf(this.domain.shared.get(name) ?? new Map()));
    return { vector, shared };
  }

  stored({ vector, shared }: From): { readonly order: number; readonly shared: number } {
    const sharedId = this.remembered(`shared ${shared}`, () => this.#shared.idOf(shared));
    return { order: this.#states.idOf(vector), shared: sharedId };
  }

  read(order: number, shared: number): From {
    return { vector: this.#states.read(order), shared: this.#shared.valueOf(shared) };
  }

  view(order: number, shared: number): OrderView<Outside> {
    const state = this.read(order, shared);
    const at = (service: string) => this.indexOf(service);
    return {
      rows: (service) => this.partOf(state, at(service)).rows,
      tasks: (service) => this.partOf(state, at(service)).tasks,
      shared: (service) => this.service(at(service)).shared.valueOf(state.shared[at(service)] as number),
      outside: this.outsides.valueOf(state.vector[this.outsideAt] as number),
    };
  }

  /** The same for states in which a view shows the same. */
  viewKey(order: number, shared: number): string {
    const { vector } = this.read(order, shared);
    return `${shared} ${vector[this.outsideAt]} ${vector.slice(0, this.services.length)}`;
  }

  service(at: number): ServiceModel {
    const service = this.services[at];
    if (service === undefined) throw new RangeError(`There is no service ${at}.`);
    return service;
  }

  indexOf(name: string): number {
    const at = this.services.findIndex((service) => service.name === name);
    if (at < 0) throw new RangeError(`There is no service ${name}.`);
    return at;
  }

  partOf({ vector }: From, service: number): Part {
    return this.service(service).parts.valueOf(vector[service] as number);
  }

  extraOf({ vector }: From): Extra {
    return this.#extras.valueOf(vector[this.#extraAt] as number);
  }

  /** @param name tells the change from all others */
  changeExtra(change: Change, name: string, to: (extra: Extra) => Extra): void {
    const before = change.vector[this.#extraAt] as number;
    change.vector[this.#extraAt] = this.remembered(`extra ${before} ${name}`, () =>
      this.#extras.idOf(to(this.#extras.valueOf(before))),
    );
  }

  /** How the outside may answer a call. Undefined: it is a participant that is asked. */
  answersTo(task: PendingTask, outside: number): readonly GivenAnswer[] | undefined {
    const name = `${this.numberOf(task)} ${outside}`;
    const known = this.#answers.get(name);
    if (known !== undefined) return known;
    const answers = this.domain.answers(task, this.outsides.valueOf(outside));
    const made = answers?.map(({ label, outcome, outside: after, uses }): GivenAnswer => {
      return { message: this.answerTo(task, outcome), outside: this.outsides.idOf(after), label, uses };
    });
    if (made !== undefined) this.#answers.set(name, made);
    return made;
  }

  /** The message that a call was answered so. */
  answerTo(task: PendingTask, outcome: unknown): number {
    const { type, key, data } = task;
    return this.remembered(`answer ${this.numberOf(task)} ${JSON.stringify(outcome)}`, () =>
      this.messages.idOf({ kind: 'call', type, key, data, outcome }),
    );
  }

  numberOf(task: PendingTask): number {
    const known = this.#taskNumbers.get(task) ?? this.#taskNumbers.size;
    this.#taskNumbers.set(task, known);
    return known;
  }

  /** A number that is made of others; made once. */
  remembered(name: string, make: () => number): number {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    return made;
  }

  topicAt(service: number): number {
    return this.services.length + service;
  }

  get outsideAt(): number {
    return this.width - 2;
  }

  get #extraAt(): number {
    return this.width - 1;
  }
}
