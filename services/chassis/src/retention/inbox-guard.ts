import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaClient } from '../kafka/client.ts';
import { topicRetention } from '../kafka/topic-retention.ts';
import { fullJitter } from '../process/backoff.ts';
import type { Readiness } from '../process/readiness.ts';
import type { Log } from '../telemetry/log.ts';
import { compactedAmong } from './compaction-rule.ts';
import { type Kept, tooShortFor } from './inbox-rule.ts';

interface GuardParts {
  readonly kafka: KafkaClient;
  readonly topics: readonly string[];
  readonly kept: Kept;
  /** Who waits, as the health of Kafka names it: `the consumer group flights`. */
  readonly user: string;
  readonly readiness: Readiness;
  readonly log: Log;
}

/** How soon, at the latest, a change by an operator is noticed while the service waits for one. */
const REFUSED_MS = 2_000;
/** A topic may be given a longer life while the service runs. */
const HOLDS_MS = 10 * 60_000;

/**
 * Watches that the inbox remembers each event for longer than the broker may deliver it, and that the broker removes
 * none before it is read. Until it has found so nothing is read; while it finds otherwise nothing is forgotten. Says at
 * `/readyz` and in the log, once, what to do.
 *
 * A broker that is away is waited out. One that hides the settings of its topics is warned about.
 */
export class InboxGuard {
  readonly #parts: GuardParts;
  readonly #stopping = new AbortController();
  #holds = false;
  #hasPassed = false;
  #said = '';
  #pass: () => void = () => undefined;
  /** Resolves when the inbox was first found to outlive its topics. */
  readonly passed = new Promise<void>((resolve) => {
    this.#pass = resolve;
  });

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Whether ids may be forgotten. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Why nothing is read; undefined when this guard holds nothing back. Before its first look there is no reason yet. */
  get heldBackBecause(): string | undefined {
    if (this.#hasPassed) return undefined;
    return this.#said || 'It is not known yet how long the topics keep their records.';
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopping.abort();
    this.#parts.readiness.ok('retention');
  }

  async #run(): Promise<void> {
    for (let attempt = 1; !this.#stopping.signal.aborted; attempt += 1) {
      await this.#look().catch((error: unknown) => this.#away(error));
      const waitMs = this.#holds ? HOLDS_MS : Math.max(fullJitter(attempt, 200, REFUSED_MS), 100);
      await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { kafka, topics, kept, user } = this.#parts;
    const found = topics.length === 0 ? [] : await topicRetention(kafka, topics);
    if (this.#stopping.signal.aborted) return;
    if (!this.#holds) kafka.health.working(user);
    if (found === undefined) return this.#unknown();
    const reason = compactedAmong(found) ?? tooShortFor(found, kept);
    if (reason === undefined) this.#found();
    else this.#refused(reason);
  }

  /** Later on, whoever reads tells that the broker is away. */
  #away(error: unknown): void {
    if (!this.#holds) this.#parts.kafka.health.failing(this.#parts.user, error);
  }

  #found(): void {
    if (this.#said !== '') this.#parts.log.info('the inbox remembers events for longer than the broker delivers them');
    this.#said = '';
    this.#letPass();
  }

  #refused(reason: string): void {
    this.#holds = false;
    this.#parts.readiness.notOk('retention', reason);
    if (this.#isNews(reason)) this.#parts.log.error({ topics: this.#parts.topics }, reason);
  }

  #unknown(): void {
    const { topics, kept, log } = this.#parts;
    const reason =
      'The broker does not let this client see how long its topics keep records (DescribeConfigs): ' +
      'see to it yourself that the inbox keeps its ids for longer.';
    if (this.#isNews(reason)) log.warn({ topics, ...kept }, reason);
    this.#letPass();
  }

  #letPass(): void {
    this.#holds = true;
    this.#hasPassed = true;
    this.#parts.readiness.ok('retention');
    this.#pass();
  }

  #isNews(reason: string): boolean {
    const isNews = reason !== this.#said;
    this.#said = reason;
    return isNews;
  }
}
