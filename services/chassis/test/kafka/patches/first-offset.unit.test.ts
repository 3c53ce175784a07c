import { createRequire } from 'node:module';
import { expect, it } from '@jest/globals';
import { commitOffsetsThatAreThere } from '../../../src/kafka/patches/first-offset.ts';

interface OffsetManager {
  setDefaultOffset(place: { topic: string; partition: number }): Promise<void>;
}
const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/offsetManager') as { prototype: object };

it('commits the first offset of the log, as a number that a reader of the group understands', async () => {
  commitOffsetsThatAreThere();
  const committed: object[] = [];
  const forgotten: object[] = [];
  const manager = Object.assign(Object.create(prototype) as OffsetManager, {
    groupId: 'group',
    generationId: 3,
    memberId: 'member',
    topicConfigurations: { events: { fromBeginning: true } },
    cluster: {
      fetchTopicsOffset: async ([{ topic, fromBeginning }]: [{ topic: string; fromBeginning: boolean }]) => [
        { topic, partitions: [{ partition: 1, offset: fromBeginning ? '17' : '99' }] },
      ],
    },
    getCoordinator: async () => ({ offsetCommit: async (commit: object) => void committed.push(commit) }),
    clearOffsets: (place: object) => void forgotten.push(place),
  });
  await manager.setDefaultOffset({ topic: 'events', partition: 1 });
  const topics = [{ topic: 'events', partitions: [{ partition: 1, offset: '17' }] }];
  expect(committed).toEqual([{ groupId: 'group', memberId: 'member', groupGenerationId: 3, topics }]);
  expect(forgotten).toEqual([{ topic: 'events', partition: 1 }]);
});
