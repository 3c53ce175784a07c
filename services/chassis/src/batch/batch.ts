import type { Span } from '@opentelemetry/api';
import type { DomainEvent } from '@troupe/schemas';
import type { CommandResult } from '../incoming/answer.ts';
import { depthBelow, ROOT_DEPTH } from '../incoming/event-depth.ts';
import type { IncomingCommand, Outcome, Reactable } from '../incoming/incoming.ts';
import type { WithdrawnTask } from '../incoming/pending-task.ts';
import type { Aggregate } from '../rules/aggregate.ts';
import type { Caused, Effect } from '../rules/decision.ts';
import { codeOf, Terminal } from '../rules/failure.ts';
import type { Task } from '../rules/messages.ts';
import type { OperatorAct } from '../rules/operator-act.ts';
import type { Reaction, ReactionTable } from '../rules/reactions.ts';
import { notTooLarge, type OutboxRow } from '../tables/outbox.ts';
import type { NewTask } from '../tables/tasks.ts';
import type { CallCapacity } from '../tasks/calls.ts';
import { traceHeaders } from '../telemetry/trace-context.ts';
import { notTooDeep } from './depth-limit.ts';
import { endSpan, startSpan } from './span.ts';

/** What the rules of a batch may use. */
export interface BatchSetting<Row, State> {
  readonly table: ReactionTable<Row, State>;
  encode(event: DomainEvent): Buffer;
  readonly now: Date;
  newId(): string;
  /** Where new calls can start at once; further ones wait for a free place. */
  readonly callCapacity: CallCapacity;
  /** How deep in the tree of causes an event may lie. */
  readonly eventDepthLimit: number;
}

/**
 * The in-memory middle of a unit of work: runs the rules of a batch, in order, over the loaded rows, and gathers what is
 * to be written. A rule that throws leaves nothing behind: all that a message causes is added at once, or none of it.
 */
export class Batch<Row, State> {
  readonly changed = new Map<string, Row>();
  readonly outbox: OutboxRow[] = [];
  readonly ignoredEvents = new Map<string, string>();
  /** What people did: the acts of the commands that were decided. */
  readonly acts: OperatorAct[] = [];
  /** The spans of the messages; those of commands belong to their requests. */
  readonly spans: Span[] = [];
  readonly ownSpans: Span[] = [];
  readonly #rows: Map<string, Row>;
  readonly #setting: BatchSetting<Row, State>;
  /** The last word of this batch on each task, by name and key: a new one, or none. */
  readonly #tasks = new Map<string, NewTask | WithdrawnTask>();

  constructor(setting: BatchSetting<Row, State>, rows: ReadonlyMap<string, Row>) {
    this.#setting = setting;
    this.#rows = new Map(rows);
  }

  get newTasks(): readonly NewTask[] {
    return [...this.#tasks.values()].filter((task): task is NewTask => 'id' in task);
  }

  get withdrawnTasks(): readonly WithdrawnTask[] {
    return [...this.#tasks.values()].filter((task) => !('id' in task));
  }

  /** Whether an earlier message of this batch has set the task anew or taken it back: then it does not count any more. */
  hasReplaced({ name, key }: WithdrawnTask): boolean {
    return this.#tasks.has(`${name} ${key}`);
  }

  /** Runs the rule of one message. */
  react(message: Reactable): Outcome {
    const span = startSpan(message);
    this.spans.push(span);
    if (message.kind !== 'command') this.ownSpans.push(span);
    const outcome = this.#outcomeOf(message, span);
    endSpan(span, outcome);
    return outcome;
  }

  #outcomeOf(message: Reactable, span: Span): Outcome {
    try {
      return this.#decide(notTooDeep(message, this.#setting.eventDepthLimit), span);
    } catch (error) {
      return broken(message, error);
    }
  }

  #decide(message: Reactable, span: Span): Outcome {
    const { table, now, newId } = this.#setting;
    const reaction = table.find(message.type);
    if (reaction === undefined) {
      throw new Terminal('NO_REACTION', `${table.service} has no reaction to ${message.type}: add a row to its table.`);
    }
    const state = table.aggregate.view(this.#rows, message);
    const decision = reaction.react(message.data, state, { now, id: newId() });
    switch (decision.kind) {
      case 'rejected':
        return { kind: 'refused', error: decision.error };
      case 'ignored':
        if (message.kind === 'event') this.ignoredEvents.set(message.id, decision.reason);
        // Its call is gone: that is an act, too.
        if (message.kind === 'command' && message.ends && message.act) this.acts.push(message.act);
        return message.kind === 'command'
          ? answered(message, { kind: 'ignored', state, reason: decision.reason })
          : decision;
      case 'decided': {
        const outcome: Outcome =
          message.kind === 'command'
            ? answered(message, { kind: 'decided', state: decision.state })
            : { kind: 'applied' };
        this.#add(this.#consequences(reaction, message, decision.effects, span));
        this.#write(table.aggregate, decision.state);
        if (message.kind === 'command' && message.act !== undefined) this.acts.push(message.act);
        return outcome;
      }
      default:
        return decision satisfies never;
    }
  }

  #write(aggregate: Aggregate<Row, State>, state: State): void {
    for (const [key, row] of aggregate.rowsOf(state)) {
      if (this.#rows.get(key) === row) continue;
      this.#rows.set(key, row);
      this.changed.set(key, row);
    }
  }

  #consequences(reaction: Reaction<State>, message: Reactable, effects: readonly Effect[], span: Span): Consequences {
    const events: OutboxRow[] = [];
    const tasks: (NewTask | WithdrawnTask)[] = [];
    for (const effect of effects) {
      if (!('kind' in effect)) events.push(this.#outboxRow(reaction, message, effect, span));
      else if (effect.kind === 'task') tasks.push(this.#newTask(message, effect, span));
      else tasks.push({ name: effect.type, key: effect.key });
    }
    return { events, tasks };
  }

  #add({ events, tasks }: Consequences): void {
    this.outbox.push(...events);
    for (const task of tasks) this.#tasks.set(`${task.name} ${task.key}`, task);
  }

  #outboxRow(reaction: Reaction<State>, message: Reactable, event: DomainEvent & Caused, span: Span): OutboxRow {
    const type = reaction.emits.find((candidate) => candidate.messageName === event.type);
    if (type === undefined) {
      throw new Terminal(
        'UNDECLARED_EVENT',
        `${event.type} is not in emits of the reaction to ${message.type}: list it.`,
      );
    }
    const key = type.keyOf(event.data);
    const begins = type === reaction.begins;
    return {
      id: begins ? key : this.#setting.newId(),
      aggregatetype: type.owner,
      aggregateid: key,
      type: type.fullName,
      payload: notTooLarge(type.fullName, this.#setting.encode(event)),
      time: this.#setting.now.toISOString(),
      causationId: begins ? key : (event.cause ?? message.causationId),
      depth: begins ? ROOT_DEPTH : depthBelow(message.depth),
      trace: traceHeaders(span.spanContext()),
    };
  }

  #newTask(message: Reactable, task: Task & Caused, span: Span): NewTask {
    const { newId, callCapacity } = this.#setting;
    const leased = task.task === 'call' && task.delayMs === 0 && callCapacity.take(task.type);
    return {
      id: newId(),
      kind: task.task,
      name: task.type,
      key: task.key,
      data: task.data,
      delayMs: task.delayMs,
      leased,
      attempts: leased ? 1 : 0,
      correlationId: message.correlationId,
      causationId: task.cause ?? message.causationId,
      depth: message.depth,
      trace: traceHeaders(span.spanContext()),
    };
  }
}

interface Consequences {
  readonly events: readonly OutboxRow[];
  readonly tasks: readonly (NewTask | WithdrawnTask)[];
}

function answered(message: IncomingCommand, result: CommandResult<unknown>): Outcome {
  return { kind: 'answered', answer: message.answer(result as CommandResult<never>) };
}

/** What a rule that threw means for its message: a client learns it at once; a fact is set aside. */
function broken(message: Reactable, error: unknown): Outcome {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (message.kind === 'command') return { kind: 'refused', error: cause };
  return { kind: 'dead', code: codeOf(cause) ?? 'RULE_THREW', reason: cause.message };
}
