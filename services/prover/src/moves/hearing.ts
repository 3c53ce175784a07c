import type { Budget } from '../model/domain.ts';
import { type Message, type PendingTask, taskKey } from '../model/message.ts';
import { EARLY } from '../model/moments.ts';
import { type Change, copyOf, type From, type Hearing, type Move, type Visit } from '../model/move.ts';
import type { OrderStates } from '../model/order-states.ts';
import type { Transactions } from '../model/transactions.ts';

/** How steps are made: within the bounds, one transaction each, with a sentence that tells it. */
export class Hearings<Outside> {
  readonly #states: OrderStates<Outside>;
  readonly #transactions: Transactions<Outside>;

  constructor(states: OrderStates<Outside>, transactions: Transactions<Outside>) {
    this.#states = states;
    this.#transactions = transactions;
  }

  /** Does something only while the budget lasts, and takes from it. Without a budget it is free. */
  spending(from: From, budget: Budget | undefined, does: (change: Change) => void): void {
    const change = copyOf(from);
    if (budget === undefined) {
      does(change);
      return;
    }
    const { left } = this.#states.extraOf(from);
    const takes = budget === 'cancels' ? 0 : 1;
    if (left[budget] === 0 || left.faults < takes) return;
    this.#states.changeExtra(change, budget, (extra) => {
      return { ...extra, left: { ...left, [budget]: left[budget] - 1, faults: left.faults - takes } };
    });
    does(change);
  }

  visit(change: Change, visit: Visit, move: Move): void {
    this.#transactions.passOver(change);
    const { order, shared } = this.#states.stored(change);
    visit(order, shared, move);
  }

  /** A service hears a message. What it rejects is no step. */
  hear(from: From, change: Change, hearing: Hearing, visit: Visit): void {
    const { service, isOwn, isAct = false, isOptional = false, says, now = EARLY, before = [] } = hearing;
    const message = this.#states.messages.valueOf(hearing.message);
    const { name } = this.#states.service(service);
    const subject = isAct ? says : `${name} ${says} ${message.type}`;
    const reacted = this.#transactions.carryOut(change, service, hearing.message, now);
    const flags = { isOwn, isAct: isAct || isOptional, handles: [...before, { service: name, message, at: now }] };
    switch (reacted.kind) {
      case 'rejected':
        return;
      case 'broken': {
        const fault = `${name} cannot handle ${message.type}: ${reacted.reason}`;
        this.visit(copyOf(from), visit, { ...flags, label: () => subject, fault });
        return;
      }
      case 'ignored':
        // A person who changes nothing is no step.
        if (isAct) return;
        this.visit(change, visit, { ...flags, label: () => `${subject}: ignored, ${reacted.reason}` });
        return;
      case 'applied': {
        const [undeclared] = reacted.undeclared;
        const said = reacted.events.map(({ type }) => type).join(' and ');
        const label = () => (said === '' ? subject : `${subject}, and says ${said}`);
        const fault = undeclared && `the row ${name}: ${message.type} does not list ${undeclared}`;
        const move = { ...flags, label, ...(fault !== undefined && { fault }) };
        this.visit(change, visit, move);
        this.#leaveStraggler({ from, change, service, message }, move, visit);
        return;
      }
      default:
        reacted satisfies never;
    }
  }

  /** A call to a participant that the step has withdrawn may still be on its way. */
  #leaveStraggler(
    {
      from,
      change,
      service,
      message,
    }: { readonly from: From; readonly change: Change; readonly service: number; readonly message: Message },
    move: Move,
    visit: Visit,
  ): void {
    const after = this.#states.partOf(change, service).tasks;
    const outside = change.vector[this.#states.outsideAt] as number;
    for (const [key, task] of this.#states.partOf(from, service).tasks) {
      if (task.task !== 'call' || after.has(key) || this.#states.answersTo(task, outside) !== undefined) continue;
      if (message.kind === 'call' && taskKey(message) === key && !isUnanswered(message.outcome)) continue;
      this.spending(change, 'stragglers', (left) => {
        this.#leave(left, task);
        const label = () => `${move.label()}; ${task.type} is still on its way`;
        this.visit(left, visit, { ...move, isOwn: false, label });
      });
    }
  }

  #leave(change: Change, task: PendingTask): void {
    this.#states.changeExtra(change, `leaves ${this.#states.numberOf(task)}`, (extra) => {
      return { ...extra, stragglers: [...extra.stragglers, task] };
    });
  }
}

const isUnanswered = (outcome: unknown): boolean => (outcome as { readonly kind?: string }).kind === 'unanswered';
