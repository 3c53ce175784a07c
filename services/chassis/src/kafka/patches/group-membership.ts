import { createRequire } from 'node:module';
import { PartitionAssigners } from 'kafkajs';

/** A place in a consumer group, which outlives the consumers that take it one after the other. */
export interface GroupMembership {
  /** As the broker named it; undefined before the first join. */
  memberId: string | undefined;
}

type Cluster = object;
interface ConsumerGroup {
  readonly cluster: Cluster;
  memberId: string | null | undefined;
  joinAndSync(this: ConsumerGroup): Promise<void>;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/consumer/consumerGroup') as {
  readonly prototype: ConsumerGroup;
};
const join = prototype.joinAndSync;
const memberships = new WeakMap<Cluster, GroupMembership>();

/**
 * Needed for correctness: who was away for a moment must not stop reading for much longer. Lets a consumer take the place of the one before it. kafkajs 2.2.4 joins as somebody new each time, and the broker waits
 * for the one that is gone until its session has timed out, while nobody reads: six seconds for each try, after a broker
 * was away. Java clients come back under their name, too. A broker that does not know it gives a new one.
 */
export function keepGroupMemberships(): void {
  prototype.joinAndSync = async function () {
    const membership = memberships.get(this.cluster);
    if (membership === undefined) return join.call(this);
    this.memberId ??= membership.memberId;
    try {
      await join.call(this);
    } finally {
      membership.memberId = this.memberId ?? undefined;
    }
  };
}

/** kafkajs' own assigner; to be made is the moment in which a consumer shows to which cluster it belongs. */
export function assignerAt(membership: GroupMembership): typeof PartitionAssigners.roundRobin {
  return (config) => {
    memberships.set(config.cluster, membership);
    return PartitionAssigners.roundRobin(config);
  };
}
