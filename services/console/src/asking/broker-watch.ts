import type { GroupLook, PartitionEnds } from '@troupe/chassis';
import type { Reached } from '../saga/input.ts';
import { History, Rate } from './history.ts';
import { Reaching } from './reaching.ts';

/** What is asked of the brokers. */
export interface Cluster {
  groups(ids: readonly string[]): Promise<readonly GroupLook[]>;
  topics(names: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionEnds[]>>;
  close(): Promise<void>;
}

export interface TopicSeen {
  readonly partitions: readonly PartitionEnds[];
  readonly perSecond: number;
}

/** An answer that takes longer counts as none, though it may still come. */
const PATIENCE_MS = 3_000;

interface WatchedTopic {
  partitions: readonly PartitionEnds[];
  readonly rate: Rate;
}

export interface WatchedNames {
  readonly topics: readonly string[];
  /** Topics on which little happens, and that no group waits at: they are asked for less often. */
  readonly quiet?: readonly string[];
  readonly groups: readonly string[];
}

/** A quiet topic is asked for with every fifth look. */
const QUIET_EVERY = 5;

/** Groups, what they have committed, and where topics end. */
export class BrokerWatch {
  readonly #cluster: Cluster;
  readonly #topicNames: readonly string[];
  readonly #quietNames: readonly string[];
  #looks = 0;
  readonly #groupIds: readonly string[];
  readonly #reaching = new Reaching();
  #groups: readonly GroupLook[] = [];
  readonly #topics = new Map<string, WatchedTopic>();
  readonly #lag = new Map<string, History>();
  readonly #noMember = new Map<string, string>();

  constructor(cluster: Cluster, watched: WatchedNames) {
    this.#cluster = cluster;
    this.#topicNames = watched.topics;
    this.#quietNames = watched.quiet ?? [];
    this.#groupIds = watched.groups;
  }

  get reached(): Reached {
    return this.#reaching.reached;
  }

  /** Of the last answer; undefined before the first. */
  group(id: string): GroupLook | undefined {
    return this.#groups.find((group) => group.id === id);
  }

  get topicNames(): readonly string[] {
    return [...this.#topicNames, ...this.#quietNames];
  }

  get groups(): readonly GroupLook[] {
    return this.#groups;
  }

  topic(name: string): TopicSeen {
    const { partitions = [], rate } = this.#topics.get(name) ?? {};
    return { partitions, perSecond: rate?.perSecond ?? 0 };
  }

  noMemberSince(group: string): string | null {
    return this.#noMember.get(group) ?? null;
  }

  /** How far a group was behind in a topic, oldest first. */
  lagHistory(group: string, topic: string): readonly number[] {
    return this.#lag.get(`${group} ${topic}`)?.values ?? [];
  }

  async look(now = () => new Date()): Promise<void> {
    await this.#reaching.attempt(PATIENCE_MS, async () => {
      const names = this.#looks % QUIET_EVERY === 0 ? this.topicNames : this.#topicNames;
      const [groups, topics] = await Promise.all([this.#cluster.groups(this.#groupIds), this.#cluster.topics(names)]);
      this.#looks += 1;
      this.#heard(groups, topics, now());
    });
  }

  stop(): Promise<void> {
    return this.#cluster.close();
  }

  #heard(groups: readonly GroupLook[], topics: ReadonlyMap<string, readonly PartitionEnds[]>, now: Date): void {
    const at = now.getTime();
    for (const [name, partitions] of topics) {
      const known = this.#topics.get(name) ?? { partitions, rate: new Rate() };
      known.partitions = partitions;
      known.rate.add(
        partitions.reduce((sum, { end }) => sum + BigInt(end), 0n),
        at,
      );
      this.#topics.set(name, known);
    }
    for (const { id, members, committed } of groups) {
      if (members.length > 0) this.#noMember.delete(id);
      else if (!this.#noMember.has(id)) this.#noMember.set(id, now.toISOString());
      for (const [topic, behind] of behindByTopic(committed, topics)) {
        const name = `${id} ${topic}`;
        const history = this.#lag.get(name) ?? new History();
        history.add(behind, at);
        this.#lag.set(name, history);
      }
    }
    this.#groups = groups;
  }
}

function behindByTopic(
  committed: Readonly<Record<string, string>>,
  topics: ReadonlyMap<string, readonly PartitionEnds[]>,
): ReadonlyMap<string, number> {
  const behind = new Map<string, number>();
  for (const [topic, partitions] of topics) {
    const own = partitions.filter(({ partition }) => `${topic}/${partition}` in committed);
    if (own.length === 0) continue;
    behind.set(
      topic,
      own.reduce((sum, { partition, end }) => sum + distance(committed[`${topic}/${partition}`], end), 0),
    );
  }
  return behind;
}

/** How many records lie between two offsets. What was asked for at two moments may seem to be ahead. */
export const distance = (from: string | undefined, to: string): number =>
  from === undefined ? 0 : Math.max(0, Number(BigInt(to) - BigInt(from)));
