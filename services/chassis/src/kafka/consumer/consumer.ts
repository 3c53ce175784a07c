import { setTimeout as sleep } from 'node:timers/promises';
import { fullJitter } from '../../process/backoff.ts';
import { rootCause } from '../broker-health.ts';
import type { GroupMembership } from '../patches/group-membership.ts';
import { type ConsumerOptions, ConsumerSession } from './consumer-session.ts';
import { GroupPositions } from './group-positions.ts';
import { consumerMetrics } from './metrics.ts';

export interface RunningConsumer {
  /**
   * Stops fetching, waits at most `boundMs` for what was pushed, commits, leaves the group. What is not handled by then
   * is delivered again. Safe to call twice; never rejects.
   */
  stop(boundMs?: number): Promise<void>;
  readonly standing: ConsumerStanding;
}

/** Whether this process has a place in its group, and since when it has, or has not. */
export interface ConsumerStanding {
  readonly isMember: boolean;
  readonly since: Date;
}

/** A consumer that ran at least this long was healthy: its next start is not delayed by earlier failures. */
const HEALTHY_MS = 30_000;
const STOP_BOUND_MS = 10_000;

/**
 * Reads topics as a member of a consumer group, from the earliest record that the group has not handled, and pushes
 * records to the sink, in order per partition. At least once: a record is delivered again after a crash, a rebalance or a
 * failed commit. Offsets are committed only after `handled`.
 *
 * A broker that is away, or a consumer that breaks for any reason, is waited out and replaced, without limit.
 */
export function startConsumer(options: ConsumerOptions): RunningConsumer {
  const supervisor = new Supervisor(options);
  const ended = supervisor.run();
  let stopped: Promise<void> | undefined;
  return {
    stop: (boundMs = STOP_BOUND_MS) => {
      stopped ??= supervisor.stop(boundMs).then(() => ended);
      return stopped;
    },
    get standing() {
      return supervisor.standing;
    },
  };
}

class Supervisor {
  readonly #options: ConsumerOptions;
  readonly #user: string;
  readonly #positions: GroupPositions;
  readonly #stopping = new AbortController();
  readonly #stopped = new Promise<undefined>((resolve) => {
    this.#stopping.signal.addEventListener('abort', () => resolve(undefined));
  });
  readonly #membership: GroupMembership = { memberId: undefined };
  #session: ConsumerSession | undefined;
  #standing: ConsumerStanding = { isMember: false, since: new Date() };

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#user = `the consumer group ${options.groupId}`;
    this.#positions = new GroupPositions(options);
  }

  get standing(): ConsumerStanding {
    return this.#standing;
  }

  async run(): Promise<void> {
    const { kafka, groupId, log } = this.#options;
    const unlisten = kafka.onOffsetOutOfRange((topic, partition) => void this.#outOfRange(topic, partition));
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      const startedAt = Date.now();
      const failure = await this.#runSession();
      this.#isMember(false);
      if (this.#stopping.signal.aborted) break;
      consumerMetrics.restarts.inc();
      kafka.health.failing(this.#user, failure);
      log.debug({ err: failure, groupId, attempt }, 'the consumer broke; starting another');
      if (Date.now() - startedAt > HEALTHY_MS) attempt = 1;
      await sleep(fullJitter(attempt, 200, 3_000), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
    unlisten();
    kafka.health.forget(this.#user);
  }

  async stop(boundMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#session?.stop(boundMs);
  }

  async #runSession(): Promise<Error | undefined> {
    const failure = await Promise.race([this.#positions.learn().then(() => undefined, rootCause), this.#stopped]);
    if (failure !== undefined || this.#stopping.signal.aborted) return failure;
    const { health } = this.#options.kafka;
    this.#session = new ConsumerSession(this.#options, this.#membership, {
      joined: () => this.#isMember(true),
      working: () => health.working(this.#user),
      failing: (error) => health.failing(this.#user, error),
      taken: (topic, partition, next) => this.#positions.taken(topic, partition, next),
    });
    return this.#session.run();
  }

  #isMember(isMember: boolean): void {
    if (isMember !== this.#standing.isMember) this.#standing = { isMember, since: new Date() };
  }

  /** The service goes on: to stop it would bring nothing back. That is why readiness stays well; the alarm is the metric. */
  async #outOfRange(topic: string, partition: number): Promise<void> {
    const { groupId, topics, log } = this.#options;
    if (!topics.includes(topic)) return;
    consumerMetrics.outOfRange.inc({ topic });
    const lost = await this.#positions.lost(topic, partition).catch(() => undefined);
    consumerMetrics.lost.inc({ topic }, lost ?? 0);
    log.error(
      { groupId, topic, partition, lost },
      `The offset that group ${groupId} had committed in ${topic}/${partition} is not in the log. Reading goes on from the ` +
        `earliest record there; ${howMany(lost)} deleted before this group had read them. Look for them in the outbox of ` +
        `the topic's owner, and publish those again; lengthen the topic's retention, or find out why the group was so late.`,
    );
  }
}

function howMany(lost: number | undefined): string {
  if (lost === undefined) return 'an unknown number of records was';
  return lost === 1 ? 'at most 1 record was' : `at most ${lost} records were`;
}
