import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { assignerAt, type GroupMembership, keepGroupMemberships } from '../../../src/kafka/patches/group-membership.ts';

interface ConsumerGroup {
  memberId: string | null | undefined;
  joinAndSync(): Promise<void>;
}
const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as { prototype: object };

/** A consumer of kafkajs that joins its group as `place`; the broker calls those that it does not know `named`. */
function consumerAt(place: GroupMembership | undefined, named: string) {
  keepGroupMemberships();
  const cluster = {};
  if (place !== undefined) assignerAt(place)({ cluster, groupId: 'group', logger: {} } as never);
  const asked: (string | null | undefined)[] = [];
  const group: ConsumerGroup = Object.assign(Object.create(prototype) as ConsumerGroup, {
    cluster,
    memberId: null,
    retrier: async () => {
      asked.push(group.memberId);
      group.memberId ??= named;
    },
  });
  return { group, asked };
}

describe('a consumer that joins a group', () => {
  it('takes the name of the one before it', async () => {
    const place: GroupMembership = { memberId: undefined };
    const first = consumerAt(place, 'member-1');
    await first.group.joinAndSync();
    const second = consumerAt(place, 'member-2');
    await second.group.joinAndSync();
    expect([first.asked, second.asked]).toEqual([[undefined], ['member-1']]);
    expect(place.memberId).toBe('member-1');
  });

  it('has the name that the broker gave it also when joining failed then, as a client has to come back under it', async () => {
    const place: GroupMembership = { memberId: undefined };
    const { group } = consumerAt(place, 'member-1');
    Object.assign(group, {
      retrier: async () => {
        group.memberId = 'member-1';
        throw new Error('the connection broke');
      },
    });
    await expect(group.joinAndSync()).rejects.toThrow('the connection broke');
    expect(place.memberId).toBe('member-1');
  });

  it('is nobody at first when it has no place to take', async () => {
    const { group, asked } = consumerAt(undefined, 'member-1');
    await group.joinAndSync();
    expect(asked).toEqual([null]);
  });
});
