import type { DomainEvent } from '@troupe/schemas';
import { orderOf } from '@troupe/shop';
import type { ExternalSystems } from '../../../simulation/src/shop/external-systems.ts';
import type { Handled, Message, PendingTask, ServiceModel } from './service-model.ts';

/** One decision of the scheduler. Small numbers are plain progress, so that failures shrink to it. */
export interface Step {
  /** 0 to 99. Below the world's share of interference, the step interferes instead of making progress. */
  readonly roll: number;
  readonly pick: number;
  /** More messages of the same service that share the batch. */
  readonly also: readonly number[];
}

/** Something that may happen next. `service` handles the message; without it no message is handled. */
interface Possible {
  readonly service?: string;
  happen(): void;
}

/** A timer goes off before everything else has arrived; a consumer is rewound; the answer of a call is lost. */
export const DISTURBANCES = ['timer', 'rewind', 'lost answer'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

/** Who hears late from whom. `from` is the owner of a topic, or `outside` for the answers of calls. */
export interface Late {
  readonly service: string;
  readonly from: string;
}

export interface WorldSetting {
  readonly models: readonly ServiceModel[];
  readonly external: ExternalSystems;
  /** Commands that clients send once each, sooner or later. */
  readonly placements: readonly Message[];
  /** Commands that clients send at any moment, any number of times. */
  readonly actions: readonly { readonly service: string; readonly command: Message }[];
  /** The percentage of steps that interfere: by a user action or a disturbance. */
  readonly interference: number;
  readonly disturbances: readonly Disturbance[];
  /** One service hears nothing from one sender until everything else has arrived. */
  readonly late?: Late | undefined;
  /** Whether inboxes drop duplicates. Without them only the rules prevent a second effect. */
  readonly inbox: boolean;
  /** Called after each message, before the next. */
  onHandled(handled: Handled): void;
}

interface Published extends DomainEvent {
  readonly id: number;
}

/**
 * All services in one process, in any order of events that the real world allows. A topic keeps the order of each key and no
 * other order. A consumer lags and may be rewound. A call is performed and answered late, or more than once. A timer goes off
 * early or late. Clients send commands at any moment.
 */
export class World {
  readonly external: ExternalSystems;
  readonly #setting: WorldSetting;
  readonly #models: ReadonlyMap<string, ServiceModel>;
  /** By `owner key`. */
  readonly #topics = new Map<string, Published[]>();
  /** By `service owner key`: how many of that key the consumer has taken. */
  readonly #taken = new Map<string, number>();
  readonly #inboxes = new Map<string, Set<number>>();
  #placements: readonly Message[];
  #late: Late | undefined;
  #published = 0;
  #contexts = 0;
  #now = 1_790_000_000_000;

  constructor(setting: WorldSetting) {
    this.#setting = setting;
    this.external = setting.external;
    this.#models = new Map(setting.models.map((model) => [model.service, model]));
    this.#placements = setting.placements;
    this.#late = setting.late;
  }

  model(service: string): ServiceModel {
    const model = this.#models.get(service);
    if (model === undefined) throw new Error(`There is no service ${service}.`);
    return model;
  }

  /** One step. Several messages of a service may share its transaction: tasks are then looked up at its beginning. */
  step({ roll, pick, also }: Step): void {
    const atStart = this.#pendingTasks();
    const interference = () => (roll < this.#setting.interference ? this.#interference(atStart) : []);
    const unneeded = interference();
    const first = chosen(unneeded.length > 0 ? unneeded : this.#progress(atStart), pick);
    first?.happen();
    for (const next of also) {
      if (first?.service === undefined) return;
      const same = [...this.#progress(atStart), ...interference()].filter(({ service }) => service === first.service);
      chosen(same, next)?.happen();
    }
  }

  /** Takes the first step of progress. False when nothing is under way, except what is late. */
  advance(): boolean {
    const [next] = this.#progress(this.#pendingTasks());
    next?.happen();
    return next !== undefined;
  }

  /** Lets every timer go off that is set. */
  timersGoOff(): void {
    for (const timer of this.#timers(this.#pendingTasks())) timer.happen();
  }

  /** Everything that is under way arrives, what is late last. No timer goes off. */
  settle(): void {
    this.#runOut((tasks) => this.#progress(tasks));
    this.#late = undefined;
    this.#runOut((tasks) => this.#progress(tasks));
  }

  /** Runs until nothing is under way and no timer is set. A timer goes off only when nothing is under way. */
  rest(): void {
    this.#runOut((tasks) => [...this.#progress(tasks), ...this.#timers(tasks)]);
  }

  /** Rewinds every consumer to the beginning of every topic. */
  replay(): void {
    for (const position of this.#taken.keys()) this.#taken.set(position, 0);
  }

  #runOut(possible: (tasks: ReadonlyMap<ServiceModel, readonly PendingTask[]>) => Possible[]): void {
    for (let patience = 10_000; patience > 0; patience -= 1) {
      const [next] = possible(this.#pendingTasks());
      if (next === undefined) return;
      next.happen();
    }
    throw new Error('The services do not come to rest: a message causes another without end.');
  }

  /** Handles a command now. */
  command(service: string, message: Message): void {
    this.#handle(this.model(service), message);
  }

  #progress(tasks: ReadonlyMap<ServiceModel, readonly PendingTask[]>): Possible[] {
    return [...this.#deliveries(), ...this.#answers(tasks), ...this.#callsToPerform(), ...this.#newOrders()];
  }

  #interference(tasks: ReadonlyMap<ServiceModel, readonly PendingTask[]>): Possible[] {
    const can = (disturbance: Disturbance) => this.#setting.disturbances.includes(disturbance);
    return [
      ...this.#actions(),
      ...(can('timer') ? this.#timers(tasks) : []),
      ...(can('rewind') ? this.#rewinds() : []),
      ...(can('lost answer') ? this.#lostAnswers() : []),
    ];
  }

  *#newOrders(): Iterable<Possible> {
    const [next, ...later] = this.#placements;
    if (next === undefined) return;
    const happen = () => {
      this.#placements = later;
      this.command('order', next);
    };
    yield { service: 'order', happen };
  }

  *#actions(): Iterable<Possible> {
    for (const { service, command } of this.#setting.actions) {
      yield { service, happen: () => this.command(service, command) };
    }
  }

  /** The next event of each key of each topic, for each service that reads it. */
  *#deliveries(): Iterable<Possible> {
    for (const model of this.#models.values()) {
      for (const [place, events] of this.#topics) {
        if (this.#isLate(model, place.split(' ', 1)[0])) continue;
        const position = `${model.service} ${place}`;
        const taken = this.#taken.get(position) ?? 0;
        const at = events.findIndex((event, index) => index >= taken && model.hears(event.type));
        const event = events[at];
        if (event === undefined) continue;
        const happen = () => {
          this.#taken.set(position, at + 1);
          this.#receive(model, event);
        };
        yield { service: model.service, happen };
      }
    }
  }

  /** A consumer is rewound: events of a key that it had taken come again, in order. */
  *#rewinds(): Iterable<Possible> {
    for (const [position, taken] of this.#taken) {
      if (taken > 0) yield { happen: () => this.#taken.set(position, taken - 1) };
      if (taken > 1) yield { happen: () => this.#taken.set(position, 0) };
    }
  }

  *#answers(tasks: ReadonlyMap<ServiceModel, readonly PendingTask[]>): Iterable<Possible> {
    for (const [model, pending] of tasks) {
      if (this.#isLate(model, 'outside')) continue;
      for (const task of pending) {
        const { answer } = task;
        if (answer === undefined) continue;
        const data = { request: task.data, outcome: answer.outcome };
        yield { service: model.service, happen: () => this.#settle(model, task, data) };
      }
    }
  }

  /** The soonest first. A timer that goes off moves the clock to its moment. */
  #timers(tasks: ReadonlyMap<ServiceModel, readonly PendingTask[]>): Possible[] {
    const set = [...tasks].flatMap(([model, pending]) =>
      pending.filter(({ kind }) => kind === 'timer').map((task) => ({ model, task })),
    );
    return set
      .sort((one, other) => one.task.dueAt - other.task.dueAt)
      .map(({ model, task }) => ({ service: model.service, happen: () => this.#expire(model, task) }));
  }

  #expire(model: ServiceModel, task: PendingTask): void {
    this.#now = Math.max(this.#now, task.dueAt);
    this.#settle(model, task, task.data);
  }

  #isLate({ service }: ServiceModel, from: string | undefined): boolean {
    return this.#late?.service === service && this.#late.from === from;
  }

  #callsToPerform(): Possible[] {
    return this.#unanswered().map(([, task]) => {
      const happen = () => {
        task.answer = { outcome: this.#perform(task) };
      };
      return { happen };
    });
  }

  /** The call is performed and its answer is lost: it will be made again. */
  #lostAnswers(): Possible[] {
    return this.#unanswered().map(([, task]) => ({ happen: () => void this.#perform(task) }));
  }

  #unanswered(): [ServiceModel, PendingTask][] {
    return [...this.#models.values()].flatMap((model) =>
      [...model.tasks.values()]
        .filter((task) => task.kind === 'call' && task.answer === undefined)
        .map((task): [ServiceModel, PendingTask] => [model, task]),
    );
  }

  #perform({ type, key, data }: PendingTask): unknown {
    return this.external.perform(type, key, data as never);
  }

  /** The pending tasks when a batch begins. It handles no other task. */
  #pendingTasks(): Map<ServiceModel, PendingTask[]> {
    return new Map([...this.#models.values()].map((model) => [model, [...model.tasks.values()]]));
  }

  #settle(model: ServiceModel, task: PendingTask, data: unknown): void {
    const name = `${task.type} ${task.key}`;
    if (this.#settled.has(task)) return;
    this.#settled.add(task);
    if (model.tasks.get(name)?.id === task.id) model.tasks.delete(name);
    this.#handle(model, { type: task.type, key: task.key, data });
  }
  readonly #settled = new Set<PendingTask>();

  #receive(model: ServiceModel, event: Published): void {
    const inbox = this.#inboxes.get(model.service) ?? new Set();
    this.#inboxes.set(model.service, inbox);
    if (this.#setting.inbox && inbox.has(event.id)) return;
    inbox.add(event.id);
    this.#handle(model, { type: event.type, key: orderOf(event), data: event.data });
  }

  #handle(model: ServiceModel, message: Message): void {
    this.#contexts += 1;
    const id = `00000000-0000-7000-8000-${String(this.#contexts).padStart(12, '0')}`;
    this.#now += 1_000;
    const handled = model.handle(message, { now: new Date(this.#now), id });
    for (const event of handled.events) this.#publish(model.service, event);
    this.#setting.onHandled(handled);
  }

  #publish(owner: string, event: DomainEvent): void {
    const place = `${owner} ${orderOf(event)}`;
    this.#published += 1;
    this.#topics.set(place, [...(this.#topics.get(place) ?? []), { ...event, id: this.#published }]);
  }
}

function chosen<T>(among: readonly T[], pick: number): T | undefined {
  return among[pick % Math.max(among.length, 1)];
}
