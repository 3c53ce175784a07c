import { createRequire } from 'node:module';

interface Place {
  readonly topic: string;
  readonly partition: number;
}
interface OffsetManager {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly topicConfigurations: Readonly<Record<string, { readonly fromBeginning?: boolean }>>;
  readonly cluster: {
    fetchTopicsOffset(asked: readonly object[]): Promise<readonly { readonly partitions: readonly Offset[] }[]>;
  };
  getCoordinator(): Promise<{ offsetCommit(commit: object): Promise<unknown> }>;
  clearOffsets(place: Place): void;
  setDefaultOffset(this: OffsetManager, place: Place): Promise<void>;
}
interface Offset {
  readonly partition: number;
  readonly offset: string;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/offsetManager') as {
  readonly prototype: OffsetManager;
};

/**
 * Needed for correctness. Where a committed offset is not in the log, kafkajs 2.2.4 commits -2, which asks for the
 * first one. Whoever looks at the group sees a negative offset. Here the offset itself is asked for, and committed.
 */
export function commitOffsetsThatAreThere(): void {
  prototype.setDefaultOffset = async function ({ topic, partition }) {
    const { cluster, groupId, memberId, generationId, topicConfigurations } = this;
    const asked = { topic, partitions: [{ partition }], ...topicConfigurations[topic] };
    const found = await cluster.fetchTopicsOffset([asked]);
    const [{ offset }] = found.flatMap(({ partitions }) => partitions) as [Offset];
    const coordinator = await this.getCoordinator();
    const topics = [{ topic, partitions: [{ partition, offset }] }];
    await coordinator.offsetCommit({ groupId, memberId, groupGenerationId: generationId, topics });
    this.clearOffsets({ topic, partition });
  };
}
