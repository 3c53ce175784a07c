import type { DomainEvent } from '@troupe/schemas';
import { orderOf } from '@troupe/shop';
import type { Outside } from '../../../simulation/src/business/outside.ts';
import type { Handled, Message, PendingTask, Stage } from './stage.ts';

/** One decision of the scheduler. Small numbers are plain progress, so that failures shrink to it. */
export interface Step {
  /** 0 to 99: below the world's share of mischief, something happens that need not. */
  readonly roll: number;
  readonly pick: number;
  /** How many more messages of the same service share the batch. */
  readonly also: readonly number[];
}

/** Something that may happen next. `service` is who handles a message; without it, nobody does. */
interface Possible {
  readonly service?: string;
  happen(): void;
}

/** A timer goes off before everything else has arrived; a consumer is thrown back; the answer of a call is lost. */
export const TRICKS = ['timer', 'setback', 'lost answer'] as const;
export type Trick = (typeof TRICKS)[number];

/** `from` is the owner of a topic, or `outside` for the answers of calls. */
export interface Late {
  readonly service: string;
  readonly from: string;
}

export interface WorldSetting {
  readonly stages: readonly Stage[];
  readonly outside: Outside;
  /** Commands that clients may send, sooner or later, once each. */
  readonly placements: readonly Message[];
  /** Commands that clients may send at any moment, again and again. */
  readonly whims: readonly { readonly service: string; readonly command: Message }[];
  /** The share of steps, 0 to 100, in which something happens that need not: a whim or a trick. */
  readonly mischief: number;
  readonly tricks: readonly Trick[];
  /** Somebody hears nothing from somewhere until everything else has arrived. */
  readonly late?: Late | undefined;
  /** Whether inboxes remember; without, only the rules themselves stand between a redelivery and a second effect. */
  readonly inbox: boolean;
  /** Sees every message handled, before the next. */
  watch(handled: Handled): void;
}

interface Published extends DomainEvent {
  readonly id: number;
}

/**
 * All services on one stage, and whatever order of things the outside world may choose: topics keep the order of each
 * key and nothing else, every consumer of every topic lags as it likes and may be thrown back, calls are performed and
 * answered late or more than once, timers go off early or late, clients send what they like at any moment.
 */
export class World {
  readonly outside: Outside;
  readonly #setting: WorldSetting;
  readonly #stages: ReadonlyMap<string, Stage>;
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
    this.outside = setting.outside;
    this.#stages = new Map(setting.stages.map((stage) => [stage.service, stage]));
    this.#placements = setting.placements;
    this.#late = setting.late;
  }

  stage(service: string): Stage {
    const stage = this.#stages.get(service);
    if (stage === undefined) throw new Error(`There is no service ${service}.`);
    return stage;
  }

  /** One step. Several messages of a service may share its transaction: tasks are then looked up at its beginning. */
  step({ roll, pick, also }: Step): void {
    const atStart = this.#pendingTasks();
    const mischief = () => (roll < this.#setting.mischief ? this.#mischief(atStart) : []);
    const unneeded = mischief();
    const first = chosen(unneeded.length > 0 ? unneeded : this.#progress(atStart), pick);
    first?.happen();
    for (const next of also) {
      if (first?.service === undefined) return;
      const same = [...this.#progress(atStart), ...mischief()].filter(({ service }) => service === first.service);
      chosen(same, next)?.happen();
    }
  }

  /** The plainest next thing. False when nothing is under way, but for what is late. */
  advance(): boolean {
    const [next] = this.#progress(this.#pendingTasks());
    next?.happen();
    return next !== undefined;
  }

  /** Every timer goes off that is set. */
  timersGoOff(): void {
    for (const timer of this.#timers(this.#pendingTasks())) timer.happen();
  }

  /** Everything that is under way arrives, also what is late, with no timer going off. */
  settle(): void {
    this.#runOut((tasks) => this.#progress(tasks));
    this.#late = undefined;
    this.#runOut((tasks) => this.#progress(tasks));
  }

  /** Everything that is under way arrives, and whenever nothing is, a timer goes off, until none is left. */
  rest(): void {
    this.#runOut((tasks) => [...this.#progress(tasks), ...this.#timers(tasks)]);
  }

  /** Every consumer is thrown back to the beginning of every topic. */
  replay(): void {
    for (const position of this.#taken.keys()) this.#taken.set(position, 0);
  }

  #runOut(possible: (tasks: ReadonlyMap<Stage, readonly PendingTask[]>) => Possible[]): void {
    for (let patience = 10_000; patience > 0; patience -= 1) {
      const [next] = possible(this.#pendingTasks());
      if (next === undefined) return;
      next.happen();
    }
    throw new Error('The services never come to rest: some message causes another for ever.');
  }

  /** Handles a command now. */
  command(service: string, message: Message): void {
    this.#handle(this.stage(service), message);
  }

  #progress(tasks: ReadonlyMap<Stage, readonly PendingTask[]>): Possible[] {
    return [...this.#deliveries(), ...this.#answers(tasks), ...this.#performances(), ...this.#newOrders()];
  }

  #mischief(tasks: ReadonlyMap<Stage, readonly PendingTask[]>): Possible[] {
    const can = (trick: Trick) => this.#setting.tricks.includes(trick);
    return [
      ...this.#whims(),
      ...(can('timer') ? this.#timers(tasks) : []),
      ...(can('setback') ? this.#setbacks() : []),
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

  *#whims(): Iterable<Possible> {
    for (const { service, command } of this.#setting.whims) {
      yield { service, happen: () => this.command(service, command) };
    }
  }

  /** The next event of each key of each topic, for each service that reads it. */
  *#deliveries(): Iterable<Possible> {
    for (const stage of this.#stages.values()) {
      for (const [place, events] of this.#topics) {
        if (this.#isLate(stage, place.split(' ', 1)[0])) continue;
        const position = `${stage.service} ${place}`;
        const taken = this.#taken.get(position) ?? 0;
        const at = events.findIndex((event, index) => index >= taken && stage.hears(event.type));
        const event = events[at];
        if (event === undefined) continue;
        const happen = () => {
          this.#taken.set(position, at + 1);
          this.#receive(stage, event);
        };
        yield { service: stage.service, happen };
      }
    }
  }

  /** A consumer is thrown back: what it had taken of a key comes again, in order. */
  *#setbacks(): Iterable<Possible> {
    for (const [position, taken] of this.#taken) {
      if (taken > 0) yield { happen: () => this.#taken.set(position, taken - 1) };
      if (taken > 1) yield { happen: () => this.#taken.set(position, 0) };
    }
  }

  *#answers(tasks: ReadonlyMap<Stage, readonly PendingTask[]>): Iterable<Possible> {
    for (const [stage, pending] of tasks) {
      if (this.#isLate(stage, 'outside')) continue;
      for (const task of pending) {
        const { answer } = task;
        if (answer === undefined) continue;
        const data = { request: task.data, outcome: answer.outcome };
        yield { service: stage.service, happen: () => this.#settle(stage, task, data) };
      }
    }
  }

  /** The soonest first. When one goes off its time has come, whatever has not arrived by then. */
  #timers(tasks: ReadonlyMap<Stage, readonly PendingTask[]>): Possible[] {
    const set = [...tasks].flatMap(([stage, pending]) =>
      pending.filter(({ kind }) => kind === 'timer').map((task) => ({ stage, task })),
    );
    return set
      .sort((one, other) => one.task.dueAt - other.task.dueAt)
      .map(({ stage, task }) => ({ service: stage.service, happen: () => this.#goesOff(stage, task) }));
  }

  #goesOff(stage: Stage, task: PendingTask): void {
    this.#now = Math.max(this.#now, task.dueAt);
    this.#settle(stage, task, task.data);
  }

  #isLate({ service }: Stage, from: string | undefined): boolean {
    return this.#late?.service === service && this.#late.from === from;
  }

  #performances(): Possible[] {
    return this.#unanswered().map(([, task]) => {
      const happen = () => {
        task.answer = { outcome: this.#perform(task) };
      };
      return { happen };
    });
  }

  /** The outside does its part, and nobody hears of it: the call will be made again. */
  #lostAnswers(): Possible[] {
    return this.#unanswered().map(([, task]) => ({ happen: () => void this.#perform(task) }));
  }

  #unanswered(): [Stage, PendingTask][] {
    return [...this.#stages.values()].flatMap((stage) =>
      [...stage.tasks.values()]
        .filter((task) => task.kind === 'call' && task.answer === undefined)
        .map((task): [Stage, PendingTask] => [stage, task]),
    );
  }

  #perform({ type, key, data }: PendingTask): unknown {
    return this.outside.perform(type, key, data as never);
  }

  /** The tasks that a batch finds pending when it begins; what it does not find is not handled. */
  #pendingTasks(): Map<Stage, PendingTask[]> {
    return new Map([...this.#stages.values()].map((stage) => [stage, [...stage.tasks.values()]]));
  }

  #settle(stage: Stage, task: PendingTask, data: unknown): void {
    const name = `${task.type} ${task.key}`;
    if (this.#settled.has(task)) return;
    this.#settled.add(task);
    if (stage.tasks.get(name)?.id === task.id) stage.tasks.delete(name);
    this.#handle(stage, { type: task.type, key: task.key, data });
  }
  readonly #settled = new Set<PendingTask>();

  #receive(stage: Stage, event: Published): void {
    const inbox = this.#inboxes.get(stage.service) ?? new Set();
    this.#inboxes.set(stage.service, inbox);
    if (this.#setting.inbox && inbox.has(event.id)) return;
    inbox.add(event.id);
    this.#handle(stage, { type: event.type, key: orderOf(event), data: event.data });
  }

  #handle(stage: Stage, message: Message): void {
    this.#contexts += 1;
    const id = `00000000-0000-7000-8000-${String(this.#contexts).padStart(12, '0')}`;
    this.#now += 1_000;
    const handled = stage.handle(message, { now: new Date(this.#now), id });
    for (const event of handled.events) this.#publish(stage.service, event);
    this.#setting.watch(handled);
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
