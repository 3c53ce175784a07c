import { context } from '@opentelemetry/api';
import type { Answer, CommandResult } from '../incoming/answer.ts';
import type { CommandBus, IdempotencyClaim } from '../incoming/commands.ts';
import { ROOT_DEPTH } from '../incoming/event-depth.ts';
import type { Incoming, IncomingEvent, IncomingTask, Outcome, Poison } from '../incoming/incoming.ts';
import type { KafkaRecord, RecordSink } from '../kafka/record.ts';
import { databaseFailure } from '../postgres/database-failure.ts';
import { fullJitter } from '../process/backoff.ts';
import { type Environment, pause, realEnvironment } from '../process/environment.ts';
import { type Failure, Retryable, type Terminal } from '../rules/failure.ts';
import type { Command } from '../rules/messages.ts';
import { claimName, keyInUse } from '../tables/idempotency.ts';
import type { BatchLoopObserver } from './observer.ts';
import type { Committed } from './unit-of-work/unit-of-work.ts';

export interface BatchLoopParts<Row = unknown> {
  /** Commits a batch; throws what the database threw. */
  work(batch: readonly Incoming[]): Promise<Committed<Row>>;
  /** Decodes records, in order; the ones this service does not hear are left out. Never throws. */
  decode(records: readonly KafkaRecord[]): Promise<readonly Incoming[]>;
  /** Told of every commit, and of every failure that is being waited out. */
  readonly observer: BatchLoopObserver<Row>;
  /** Default: the real ones. */
  readonly environment?: Environment;
}

const LIMITS = {
  /** Messages in one transaction. */
  batch: 500,
  /** Waiting messages above which the consumer stops fetching. */
  room: 2_000,
  /** Records so few are committed before more are fetched: what comes meanwhile is one fetch and one batch, not several. */
  few: 32,
  /** How long a command waits for a database that is away before its client is told so. */
  commandWaitMs: 5_000,
} as const;

interface Entry {
  readonly message: Incoming;
  /** Commands give up after this moment, in milliseconds of `uptimeMs`; facts never do. */
  readonly expiresAt: number;
  settle(outcome: Outcome): void;
}

/**
 * The one queue of a process, and the one writer of its database: events, commands, answers and timers that have arrived
 * become the next batch while the last one is being committed. Nothing waits when nothing else is there, and the more
 * arrives, the more share a transaction.
 *
 * A failure that can pass is waited out with backoff, in order, without limit. One that cannot is narrowed down by
 * halving the batch until the bad message stands alone; it is set aside, and the others take effect. One that cannot even be
 * set aside whole is set aside reduced: no single record holds up the others for ever.
 */
export class BatchLoop<State, Row = unknown> implements RecordSink, CommandBus<State> {
  readonly #parts: BatchLoopParts<Row>;
  readonly #environment: Environment;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;
  #intake: Promise<void> = Promise.resolve();
  #wantRoom: (() => void)[] = [];
  readonly #claims = new Set<string>();

  constructor(parts: BatchLoopParts<Row>) {
    this.#parts = parts;
    this.#environment = parts.environment ?? realEnvironment;
  }

  push(records: readonly KafkaRecord[]): { room: Promise<void>; handled: Promise<void> } {
    const decoded = this.#intake.then(() => this.#parts.decode(records));
    const entered = decoded.then((messages) => ({ all: messages.map((message) => this.#enter(message)) }));
    this.#intake = entered.then(() => undefined);
    const handled = entered.then(({ all }) => Promise.all(all)).then(() => undefined);
    return { room: entered.then(({ all }) => (all.length > LIMITS.few ? this.#room() : handled)), handled };
  }

  /**
   * Takes messages that were set aside, in their order, behind what has arrived. Resolves when all are committed, each
   * with what it came to.
   */
  handleAgain(messages: readonly Incoming[]): Promise<readonly Outcome[]> {
    return Promise.all(messages.map((message) => this.#enter(message)));
  }

  /** Takes the answer of a call, or a timer that went off. Resolves when its transaction is committed. */
  submit(task: IncomingTask): Promise<Outcome> {
    return this.#enter(task);
  }

  async execute(
    command: Command,
    answer: (result: CommandResult<State>) => Answer,
    claim?: IdempotencyClaim,
  ): Promise<Answer> {
    const name = claim === undefined ? undefined : claimName(claim);
    if (name !== undefined && this.#claims.has(name)) throw keyInUse();
    if (name !== undefined) this.#claims.add(name);
    const { uptimeMs } = this.#environment;
    // Whoever ends a call speaks in its place.
    const { causationId: step = command.key, depth: ofStep = ROOT_DEPTH, ends } = command;
    const { correlationId = command.key, causationId = step, depth = ofStep } = ends ?? {};
    const from = { correlationId, causationId, depth };
    try {
      const outcome = await this.#enter(
        { ...command, ...from, parent: context.active(), claim, answer },
        uptimeMs() + LIMITS.commandWaitMs,
      );
      if (outcome.kind === 'answered') return outcome.answer;
      throw outcome.kind === 'refused' ? outcome.error : new Error(`a command cannot be ${outcome.kind}`);
    } finally {
      if (name !== undefined) this.#claims.delete(name);
    }
  }

  /** Resolves when everything taken so far is settled. */
  async drain(): Promise<void> {
    await this.#intake;
    await this.#running;
  }

  #enter(message: Incoming, expiresAt = Number.POSITIVE_INFINITY): Promise<Outcome> {
    return new Promise((settle) => {
      this.#queue.push({ message, expiresAt, settle });
      this.#running ??= this.#run();
    });
  }

  #room(): Promise<void> {
    if (this.#queue.length < LIMITS.room) return Promise.resolve();
    return new Promise((resolve) => this.#wantRoom.push(resolve));
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      // Lets everything that this turn brings share a transaction: the partitions of one fetch come one by one.
      await this.#environment.turn();
      const batch = this.#queue.slice(0, LIMITS.batch);
      this.#queue = this.#queue.slice(LIMITS.batch);
      if (this.#queue.length < LIMITS.room) for (const go of this.#wantRoom.splice(0)) go();
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  /** Resolves when every entry of the batch has its outcome. Never rejects. */
  async #settle(batch: readonly Entry[]): Promise<void> {
    const { uptimeMs, random } = this.#environment;
    let waiting = batch.filter(isWanted);
    for (let attempt = 1; waiting.length > 0; attempt += 1) {
      const startedAt = uptimeMs();
      const messages = waiting.map((entry) => entry.message);
      const tried = await this.#parts.work(messages).catch((error: unknown) => ({ failure: databaseFailure(error) }));
      if (!('failure' in tried)) {
        // Behind the commit nothing may look like a failure of the batch: it would be handled again.
        for (const [at, entry] of waiting.entries()) entry.settle(tried.outcomes[at] as Outcome);
        return this.#parts.observer.committed(messages, tried, uptimeMs() - startedAt);
      }
      const failure = waiting.every(isReduced) ? toWaitOut(tried.failure) : tried.failure;
      if (!(failure instanceof Retryable)) return this.#narrow(waiting, failure);
      this.#parts.observer.waiting(failure, attempt);
      waiting = sendAwayCommands(waiting, failure, uptimeMs());
      this.#queue = sendAwayCommands(this.#queue, failure, uptimeMs());
      if (waiting.length === 0) return this.#parts.observer.nothingWaits();
      await pause(this.#environment, fullJitter(attempt, 50, 5_000, random));
    }
  }

  async #narrow(batch: readonly Entry[], failure: Terminal): Promise<void> {
    const [only, ...others] = batch;
    if (only === undefined) return;
    if (others.length > 0) {
      const half = Math.ceil(batch.length / 2);
      await this.#settle(batch.slice(0, half));
      await this.#settle(batch.slice(half));
      return;
    }
    const { message } = only;
    this.#parts.observer.failed(message, failure);
    if (message.kind === 'command') return only.settle({ kind: 'refused', error: failure });
    if (!('record' in message)) return only.settle({ kind: 'dead', code: failure.code, reason: failure.message });
    await this.#settle([{ ...only, message: poisonOf(message, failure) }]);
  }
}

/** What a message becomes that cannot be stored: first itself without its effect, then what has one form for every record. */
function poisonOf(message: IncomingEvent | Poison, { code, message: reason }: Terminal): Poison {
  if (message.kind === 'poison') return { ...message, reducedBecause: `${code}: ${reason}` };
  const { record, deadLetter } = message;
  return { kind: 'poison', record, code, reason, ...(deadLetter && { deadLetter }) };
}

const isReduced = ({ message }: Entry): boolean => message.kind === 'poison' && message.reducedBecause !== undefined;

/** Nothing of a record is in its reduced form: what refuses that refuses every record, and is waited for, and said. */
function toWaitOut(failure: Failure): Retryable {
  return failure instanceof Retryable ? failure : new Retryable(failure.code, failure.message, { cause: failure });
}

/** Commands that have waited long enough are answered; facts stay. */
function sendAwayCommands(batch: readonly Entry[], failure: Retryable, now: number): Entry[] {
  for (const entry of batch) if (entry.expiresAt <= now) entry.settle({ kind: 'refused', error: failure });
  return batch.filter((entry) => entry.expiresAt > now);
}

/** A command whose client has gone is let go before it is begun: under a load that is too high, work for nobody makes it higher. */
function isWanted({ message, settle }: Entry): boolean {
  if (message.kind !== 'command' || message.isAbandoned?.() !== true) return true;
  settle({ kind: 'refused', error: new Retryable('ABANDONED', 'Nobody waited for the answer any more.') });
  return false;
}
