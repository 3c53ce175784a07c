import type { DomainEvent } from '@troupe/schemas';
import { Channel } from './channel.ts';
import type { Bounds, Budget, Domain, Participant, Reply } from './domain.ts';
import { Interner } from './interner.ts';
import { type Message, type PendingTask, taskKey } from './message.ts';
import { EARLY, LATE, LATEST } from './moments.ts';
import { type Reacted, ServiceModel } from './service-model.ts';
import { VectorTable } from './vector-table.ts';

/** One step from a state: a transaction of one service, or something outside all of them. */
export interface Move {
  /** No answer of the outside and no person was needed. */
  readonly isOwn: boolean;
  /** A person did it: nobody waits for that. */
  readonly isAct: boolean;
  /** What is wrong with the step itself. */
  readonly fault?: string;
  label(): string;
}

interface Extra {
  readonly left: Bounds;
  /** Messages that will come once more: the service, and the number of the message. */
  readonly again: readonly (readonly [service: number, message: number])[];
  /** Requests that are still on their way. */
  readonly stragglers: readonly PendingTask[];
}

type Visit = (order: number, shared: number, move: Move) => void;
/** What a step does to an order's vector. */
interface Change {
  readonly vector: number[];
  readonly shared: number[];
}

/** What one step of an order can be, from each state of it; the states are numbers. */
export class OrderModel<Outside> {
  readonly services: readonly ServiceModel[];
  readonly #domain: Domain<Outside>;
  readonly #channels: readonly Channel[];
  /** By service: its topic's consumers, as numbers of services. */
  readonly #consumers: readonly (readonly number[])[];
  readonly #unheard: readonly number[];
  readonly #messages = new Interner<Message>();
  readonly #wired = new Map<DomainEvent, number>();
  readonly #outsides = new Interner<Outside>();
  readonly #extras = new Interner<Extra>();
  readonly #shared = new Interner<readonly number[]>();
  /** By task and by what was done outside. */
  readonly #answers = new Map<PendingTask, ReadonlyMap<number, readonly GivenAnswer[]>>();
  readonly #tasks = new TaskNumbers();
  readonly #timers = new Map<PendingTask, number>();
  readonly #acted: readonly { readonly step: Step; readonly uses: Budget | undefined }[];
  /** Changes of small parts of a state, by their names. */
  readonly #made = new Map<string, number>();
  readonly #states: VectorTable;
  readonly #width: number;
  /** Rows of the tables that were taken: `payment: OrderCreated`. */
  readonly taken = new Set<string>();

  constructor(domain: Domain<Outside>) {
    this.#domain = domain;
    this.services = domain.tables.map(
      (table) =>
        new ServiceModel({
          table,
          isShared: (key) => domain.isShared(table.service, key),
          stored: (row) => domain.stored(table.service, row),
        }),
    );
    this.#unheard = this.services.flatMap(({ name }, at) => (domain.unheard.includes(name) ? [at] : []));
    this.#consumers = this.services.map(({ name }) =>
      this.services.flatMap((consumer, at) => {
        const isHeard = consumer.table.reactions.some(({ hears }) => hears.kind === 'event' && hears.owner === name);
        return isHeard ? [at] : [];
      }),
    );
    this.#channels = this.#consumers.map(
      (consumers) =>
        new Channel(
          consumers.map((at) => (event) => this.services[at]?.hears(this.#messages.valueOf(event).type) === true),
        ),
    );
    this.#acted = domain.acts.map(({ label, service, message, uses }) => ({
      step: {
        service: this.#indexOf(service),
        message: this.#messages.idOf(message),
        isOwn: false,
        isAct: true,
        says: label,
      },
      uses,
    }));
    this.#width = 2 * this.services.length + 2;
    this.#states = new VectorTable(this.#width);
  }

  get bytes(): number {
    return this.#states.bytes;
  }

  /** The rows that orders share at the beginning. */
  sharedAtFirst(): number {
    const ids = this.services.map(({ name, shared }) => shared.idOf(this.#domain.shared.get(name) ?? new Map()));
    return this.#shared.idOf(ids);
  }

  /** An order that was just placed. */
  begin(left: Bounds): { readonly order: number; readonly shared: number } {
    const none = new Array<number>(this.#width).fill(0);
    for (const [at, channel] of this.#channels.entries()) none[this.services.length + at] = channel.empty;
    none[this.#outsideAt] = this.#outsides.idOf(this.#domain.nothingDone);
    none[this.#extraAt] = this.#extras.idOf({ left, again: [], stragglers: [] });
    const { service, message } = this.#domain.begin;
    const change = { vector: none, shared: [...this.#shared.valueOf(this.sharedAtFirst())] };
    const reacted = this.#carryOut(change, this.#indexOf(service), this.#messages.idOf(message), EARLY);
    if (reacted.kind !== 'applied') throw new Error(`The order could not be placed: ${JSON.stringify(reacted)}`);
    return this.#stored(change);
  }

  /** What an order looks like, for the invariants. */
  view(order: number, shared: number): OrderView<Outside> {
    const vector = this.#vectorOf(order);
    const ids = this.#shared.valueOf(shared);
    const at = (service: string) => this.#indexOf(service);
    return {
      rows: (service) => this.#partOf(vector, at(service)).rows,
      tasks: (service) => this.#partOf(vector, at(service)).tasks,
      shared: (service) => (this.services[at(service)] as ServiceModel).shared.valueOf(ids[at(service)] as number),
      outside: this.#outsides.valueOf(vector[this.#outsideAt] as number),
    };
  }

  /** The same for states in which the invariants see the same. */
  viewKey(order: number, shared: number): string {
    const vector = this.#vectorOf(order);
    return `${shared} ${vector[this.#outsideAt]} ${vector.slice(0, this.services.length)}`;
  }

  async moves(order: number, shared: number, visit: Visit): Promise<void> {
    const vector = this.#vectorOf(order);
    const ids = this.#shared.valueOf(shared);
    const from = { vector, ids };
    this.#deliveries(from, visit);
    this.#secondDeliveries(from, visit);
    for (const at of this.services.keys()) {
      for (const task of this.#partOf(vector, at).tasks.values()) {
        if (task.task === 'timer') this.#timer(from, at, task, visit);
        else await this.#call(from, at, task, visit);
      }
    }
    await this.#stragglers(from, visit);
    this.#acts(from, visit);
  }

  #deliveries(from: From, visit: Visit): void {
    for (const [topic, consumers] of this.#consumers.entries()) {
      for (const [index, consumer] of consumers.entries()) {
        const slot = this.services.length + topic;
        const channel = this.#channels[topic] as Channel;
        const pending = from.vector[slot] as number;
        if (channel.isHeld(pending, index)) {
          const change = copyOf(from);
          change.vector[slot] = channel.released(pending);
          const event = channel.next(change.vector[slot] as number, index) as number;
          change.vector[slot] = channel.handled(change.vector[slot] as number, index);
          this.#react(
            from,
            change,
            { service: consumer, message: event, isOwn: false, says: 'handles the dead letter again:' },
            visit,
          );
          continue;
        }
        const event = channel.next(pending, index);
        if (event === undefined) continue;
        const change = copyOf(from);
        change.vector[slot] = channel.handled(pending, index);
        this.#react(from, change, { service: consumer, message: event, isOwn: true, says: 'hears' }, visit);
        this.#spending(from, 'deadLetters', (held) => {
          held.vector[slot] = channel.held(pending, index);
          const { type } = this.#messages.valueOf(event);
          this.#visit(held, visit, {
            isOwn: false,
            isAct: false,
            label: () => `${this.#nameOf(consumer)} sets ${type} aside as a dead letter`,
          });
        });
        this.#spending(from, 'again', (again) => {
          again.vector[slot] = channel.handled(pending, index);
          this.#again(again, consumer, event);
          this.#react(
            from,
            again,
            { service: consumer, message: event, isOwn: false, says: 'hears, and will once more:' },
            visit,
          );
        });
      }
    }
  }

  /** The message comes once more, at any later moment, and the inbox has forgotten it. */
  #again(change: Change, service: number, message: number): void {
    const extra = this.#extraOf(change.vector);
    change.vector[this.#extraAt] = this.#remembered(`${change.vector[this.#extraAt]}+${service} ${message}`, () => {
      return this.#extras.idOf({ ...extra, again: [...extra.again, [service, message] as const] });
    });
  }

  #secondDeliveries(from: From, visit: Visit): void {
    const extra = this.#extraOf(from.vector);
    for (const [at, [service, message]] of extra.again.entries()) {
      const change = copyOf(from);
      change.vector[this.#extraAt] = this.#remembered(`${from.vector[this.#extraAt]}-${at}`, () => {
        return this.#extras.idOf({ ...extra, again: extra.again.toSpliced(at, 1) });
      });
      const again = this.#remembered(`again ${message}`, () => {
        return this.#messages.idOf({ ...this.#messages.valueOf(message), again: true });
      });
      this.#react(
        from,
        change,
        { service, message: again, isOwn: false, isOptional: true, says: 'hears for the second time' },
        visit,
      );
    }
  }

  #timer(from: From, service: number, task: PendingTask, visit: Visit): void {
    const { type, key, data } = task;
    const known = this.#timers.get(task);
    const message = known ?? this.#messages.idOf({ kind: 'timer', type, key, data });
    this.#timers.set(task, message);
    const goOff = (change: Change) =>
      this.#react(from, change, { service, message, isOwn: true, now: LATE, says: 'is woken by' }, visit);
    const isSilence = this.#domain.isSilence(task, this.#partOf(from.vector, service).tasks);
    if (isSilence) this.#spending(from, 'silences', goOff);
    else goOff(copyOf(from));
  }

  async #call(from: From, service: number, task: PendingTask, visit: Visit): Promise<void> {
    const answers = this.#answersTo(task, from.vector[this.#outsideAt] as number);
    if (answers === undefined) return await this.#ask(from, service, task, visit);
    for (const { message, outside, says, uses } of answers) {
      const give = (change: Change) => {
        change.vector[this.#outsideAt] = outside;
        this.#react(from, change, { service, message, isOwn: false, says }, visit);
      };
      if (uses !== undefined) {
        this.#spending(from, uses, give);
        continue;
      }
      give(copyOf(from));
      this.#spending(from, 'again', (change) => {
        this.#again(change, service, message);
        give(change);
      });
    }
  }

  /** Undefined: it is a participant that is asked. */
  #answersTo(task: PendingTask, outside: number): readonly GivenAnswer[] | undefined {
    const known = this.#answers.get(task);
    const found = known?.get(outside);
    if (found !== undefined) return found;
    const made = this.#domain.answers(task, this.#outsides.valueOf(outside))?.map((answer): GivenAnswer => {
      return {
        message: this.#answerTo(task, answer.outcome),
        outside: this.#outsides.idOf(answer.outside),
        says: `gets the answer ${answer.label} to`,
        uses: answer.uses,
      };
    });
    if (made !== undefined) this.#answers.set(task, new Map([...(known ?? []), [outside, made]]));
    return made;
  }

  #answerTo(task: PendingTask, outcome: unknown): number {
    const { type, key, data } = task;
    return this.#remembered(`${this.#tasks.idOf(task)} ${JSON.stringify(outcome)}`, () =>
      this.#messages.idOf({ kind: 'call', type, key, data, outcome }),
    );
  }

  /** The orchestrator asks a participant: the request has its effect there; then its answer arrives, or is lost. */
  async #ask(from: From, service: number, task: PendingTask, visit: Visit): Promise<void> {
    const change = copyOf(from);
    const outcomes = await this.#domain.ask(task, (name) => this.#participant(change, name));
    const hadEffect = change.vector.some((id, at) => id !== from.vector[at]);
    if (hadEffect) {
      const lost = copyOf({ vector: change.vector, ids: change.shared });
      const label = () => `${task.type} has its effect, and its answer is lost`;
      this.#visit(lost, visit, { isOwn: false, isAct: false, label });
    }
    for (const outcome of outcomes) {
      const asked: From = { vector: change.vector, ids: change.shared };
      const { kind } = outcome as { readonly kind: string };
      const answer = {
        service,
        message: this.#answerTo(task, outcome),
        isOwn: false,
        says: `gets the answer ${kind} to`,
      };
      this.#react(from, copyOf(asked), answer, visit);
      // What takes too long is given up by the one that waits, and not by its clock alone.
      if (kind === 'waiting')
        this.#spending(asked, 'silences', (late) => this.#react(from, late, { ...answer, now: LATEST }, visit));
    }
    const silence = { service, message: this.#answerTo(task, this.#domain.unanswered(task)), isOwn: true };
    this.#spending(from, 'silences', (change) =>
      this.#react(from, change, { ...silence, says: 'has no answer to' }, visit),
    );
  }

  async #stragglers(from: From, visit: Visit): Promise<void> {
    const extra = this.#extraOf(from.vector);
    for (const [at, task] of extra.stragglers.entries()) {
      const change = copyOf(from);
      change.vector[this.#extraAt] = this.#extras.idOf({ ...extra, stragglers: extra.stragglers.toSpliced(at, 1) });
      await this.#domain.ask(task, (name) => this.#participant(change, name));
      const label = () => `${task.type} arrives, which the orchestrator has given up`;
      this.#visit(change, visit, { isOwn: false, isAct: true, label });
    }
  }

  #participant(change: Change, name: string): Participant {
    const service = this.#indexOf(name);
    const look = (): Reply => this.#domain.shown(name, this.#partOf(change.vector, service).rows);
    return {
      get: look,
      post: (path, body, key) => {
        const claim = `${path} ${key}`;
        const before = this.#partOf(change.vector, service).kept.get(claim);
        if (before !== undefined) return before as Reply;
        const command = this.#remembered(`${path} ${JSON.stringify(body)}`, () =>
          this.#messages.idOf(this.#domain.commandOf(path, body)),
        );
        const reacted = this.#carryOut(change, service, command, EARLY);
        if (reacted.kind === 'broken') throw new Error(`${name} broke on ${path}: ${reacted.reason}`);
        if (reacted.kind === 'rejected') return { status: 409, body: { code: reacted.code, detail: reacted.detail } };
        const reply = look();
        const model = this.services[service] as ServiceModel;
        const part = change.vector[service] as number;
        const kept = this.#domain.kept(name, reply);
        change.vector[service] = this.#remembered(`${name} ${part} keeps ${claim} ${JSON.stringify(kept)}`, () =>
          model.keeping(part, claim, kept),
        );
        return reply;
      },
    };
  }

  #acts(from: From, visit: Visit): void {
    for (const { step, uses } of this.#acted) {
      const act = (change: Change) => this.#react(from, change, step, visit);
      if (uses === undefined) act(copyOf(from));
      else this.#spending(from, uses, act);
    }
  }

  /** Does it only while the budget lasts, and takes from it. */
  #spending(from: From, budget: Budget, does: (change: Change) => void): void {
    const extra = this.#extraOf(from.vector);
    const { faults } = extra.left;
    const takes = budget === 'cancels' ? 0 : 1;
    if (extra.left[budget] === 0 || faults < takes) return;
    const change = copyOf(from);
    change.vector[this.#extraAt] = this.#remembered(`${from.vector[this.#extraAt]} ${budget}`, () => {
      const left = { ...extra.left, [budget]: extra.left[budget] - 1, faults: faults - takes };
      return this.#extras.idOf({ ...extra, left });
    });
    does(change);
  }

  #react(from: From, change: Change, step: Step, visit: Visit): void {
    const message = this.#messages.valueOf(step.message);
    const { service, isOwn, isAct = false, isOptional = false, says, now = EARLY } = step;
    const name = this.#nameOf(service);
    const subject = isAct ? says : `${name} ${says} ${message.type}`;
    const before = this.#partOf(from.vector, service);
    const reacted = this.#carryOut(change, service, step.message, now);
    const flags = { isOwn, isAct: isAct || isOptional };
    switch (reacted.kind) {
      case 'rejected':
        return;
      case 'broken':
        this.#visit(copyOf(from), visit, {
          ...flags,
          label: () => subject,
          fault: `${name} cannot handle ${message.type}: ${reacted.reason}`,
        });
        return;
      case 'ignored':
        if (isAct) return;
        this.#visit(change, visit, { ...flags, label: () => `${subject}: ignored, ${reacted.reason}` });
        return;
      case 'applied': {
        const [undeclared] = reacted.undeclared;
        const said = reacted.events.map(({ type }) => type).join(' and ');
        const label = () => (said === '' ? subject : `${subject}, and says ${said}`);
        const fault = undeclared && `the row ${name}: ${message.type} does not list ${undeclared}`;
        const about = { ...flags, label, ...(fault !== undefined && { fault }) };
        this.#visit(change, visit, about);
        this.#leaveStraggler(change, { before, service, message }, about, visit);
        return;
      }
      default:
        reacted satisfies never;
    }
  }

  /** A call to a participant that the step has withdrawn may still be on its way. */
  #leaveStraggler(
    change: Change,
    {
      before,
      service,
      message,
    }: {
      readonly before: { readonly tasks: ReadonlyMap<string, PendingTask> };
      readonly service: number;
      readonly message: Message;
    },
    about: Move,
    visit: Visit,
  ): void {
    const after = this.#partOf(change.vector, service).tasks;
    const outside = change.vector[this.#outsideAt] as number;
    for (const [key, task] of before.tasks) {
      if (task.task !== 'call' || after.has(key) || this.#answersTo(task, outside) !== undefined) continue;
      const isAnswered = message.kind === 'call' && taskKey(message) === key && !isUnanswered(message.outcome);
      if (isAnswered) continue;
      this.#spending({ vector: change.vector, ids: change.shared }, 'stragglers', (left) => {
        const extra = this.#extraOf(left.vector);
        left.vector[this.#extraAt] = this.#extras.idOf({ ...extra, stragglers: [...extra.stragglers, task] });
        this.#visit(left, visit, {
          ...about,
          isOwn: false,
          label: () => `${about.label()}; ${task.type} is still on its way`,
        });
      });
    }
  }

  /** A transaction of one service: its rows and tasks change, and its events go to its topic. */
  #carryOut(change: Change, service: number, id: number, now: Date): Reacted {
    const model = this.services[service] as ServiceModel;
    const message = this.#messages.valueOf(id);
    const reacted = this.#reactionOf(change, service, id, now);
    if (reacted.kind === 'ignored') change.vector[service] = reacted.part;
    if (reacted.kind !== 'applied') return reacted;
    this.taken.add(`${model.name}: ${message.type}`);
    change.vector[service] = reacted.part;
    change.shared[service] = reacted.shared;
    for (const event of reacted.events) this.#say(change, service, event);
    return this.#settleUnheard(change) ?? reacted;
  }

  #say(change: Change, service: number, event: DomainEvent): void {
    const slot = this.services.length + service;
    const channel = this.#channels[service] as Channel;
    const said = this.#wiredOf(event);
    change.vector[slot] = channel.append(change.vector[slot] as number, said);
    const outside = change.vector[this.#outsideAt] as number;
    change.vector[this.#outsideAt] = this.#remembered(`said ${outside} ${said}`, () =>
      this.#outsides.idOf(this.#domain.said(this.#outsides.valueOf(outside), event)),
    );
  }

  #wiredOf(event: DomainEvent): number {
    const known = this.#wired.get(event) ?? this.#messages.idOf(this.#domain.wire(event));
    this.#wired.set(event, known);
    return known;
  }

  /** Lets the services go on that nobody hears: whatever they do commutes with every other step. */
  #settleUnheard(change: Change): Reacted | undefined {
    for (const service of this.#unheard) {
      for (const [topic, consumers] of this.#consumers.entries()) {
        const index = consumers.indexOf(service);
        if (index < 0) continue;
        const slot = this.services.length + topic;
        const channel = this.#channels[topic] as Channel;
        for (let event = channel.next(change.vector[slot] as number, index); event !== undefined; ) {
          change.vector[slot] = channel.handled(change.vector[slot] as number, index);
          const reacted = this.#carryOut(change, service, event, EARLY);
          if (reacted.kind === 'broken') return reacted;
          event = channel.next(change.vector[slot] as number, index);
        }
      }
      const broken = this.#answerAll(change, service);
      if (broken !== undefined) return broken;
    }
    return undefined;
  }

  /** Takes out what a consumer ignores for good: it commutes with every other step, and nobody can tell. */
  #passOver(change: Change): void {
    for (const [topic, consumers] of this.#consumers.entries()) {
      const slot = this.services.length + topic;
      const channel = this.#channels[topic] as Channel;
      if (change.vector[slot] === channel.empty) continue;
      for (const [index, service] of consumers.entries()) {
        for (let event = channel.next(change.vector[slot] as number, index); event !== undefined; ) {
          const reacted = this.#reactionOf(change, service, event, EARLY);
          if (reacted.kind !== 'ignored' || !this.#domain.isForGood(reacted.reason)) break;
          change.vector[slot] = channel.handled(change.vector[slot] as number, index);
          event = channel.next(change.vector[slot] as number, index);
        }
      }
    }
  }

  #reactionOf(change: Change, service: number, id: number, now: Date): Reacted {
    const model = this.services[service] as ServiceModel;
    const [part, shared] = [change.vector[service] as number, change.shared[service] as number];
    return model.react(part, shared, this.#messages.valueOf(id), { id, now });
  }

  #answerAll(change: Change, service: number): Reacted | undefined {
    for (const task of this.#partOf(change.vector, service).tasks.values()) {
      const [answer] = this.#answersTo(task, change.vector[this.#outsideAt] as number) ?? [];
      if (answer === undefined) continue;
      change.vector[this.#outsideAt] = answer.outside;
      const reacted = this.#carryOut(change, service, answer.message, EARLY);
      if (reacted.kind === 'broken') return reacted;
    }
    return undefined;
  }

  /** What a change makes of a number; found once. */
  #remembered(name: string, make: () => number): number {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    return made;
  }

  #visit(change: Change, visit: Visit, about: Move): void {
    this.#passOver(change);
    visit(this.#states.idOf(change.vector), this.#sharedOf(change), about);
  }

  #stored({ vector, shared }: Change): { readonly order: number; readonly shared: number } {
    return { order: this.#states.idOf(vector), shared: this.#sharedOf({ vector, shared }) };
  }

  #sharedOf({ shared }: Change): number {
    return this.#remembered(`shared ${shared}`, () => this.#shared.idOf(shared));
  }

  #vectorOf(order: number): number[] {
    return this.#states.read(order);
  }

  #partOf(vector: readonly number[], service: number) {
    return (this.services[service] as ServiceModel).parts.valueOf(vector[service] as number);
  }

  #extraOf(vector: readonly number[]): Extra {
    return this.#extras.valueOf(vector[this.#extraAt] as number);
  }

  #indexOf(service: string): number {
    const at = this.services.findIndex(({ name }) => name === service);
    if (at < 0) throw new Error(`There is no service ${service}.`);
    return at;
  }

  #nameOf(service: number): string {
    return this.services[service]?.name ?? '';
  }

  get #outsideAt(): number {
    return this.#width - 2;
  }

  get #extraAt(): number {
    return this.#width - 1;
  }
}

/** An answer of the outside, as numbers. */
interface GivenAnswer {
  readonly message: number;
  readonly outside: number;
  readonly says: string;
  readonly uses: Budget | undefined;
}
interface From {
  readonly vector: readonly number[];
  readonly ids: readonly number[];
}
interface Step {
  readonly service: number;
  readonly message: number;
  readonly isOwn: boolean;
  readonly isAct?: boolean;
  /** It may come, and nobody waits for it. */
  readonly isOptional?: boolean;
  readonly now?: Date;
  readonly says: string;
}
/** What is known of an order in one state. */
export interface OrderView<Outside> {
  rows(service: string): ReadonlyMap<string, unknown>;
  tasks(service: string): ReadonlyMap<string, PendingTask>;
  shared(service: string): ReadonlyMap<string, unknown>;
  readonly outside: Outside;
}

const copyOf = ({ vector, ids }: From): Change => ({ vector: vector.slice(), shared: [...ids] });

const isUnanswered = (outcome: unknown): boolean => (outcome as { readonly kind?: string }).kind === 'unanswered';

/** A number for each pending task that was seen. */
class TaskNumbers {
  readonly #numbers = new WeakMap<PendingTask, number>();
  #next = 0;

  idOf(task: PendingTask): number {
    const known = this.#numbers.get(task);
    if (known !== undefined) return known;
    this.#next += 1;
    this.#numbers.set(task, this.#next);
    return this.#next;
  }
}
