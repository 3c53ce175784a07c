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
 * Needed for correctness. Lets a consumer take over the membership of the one before it, as Java clients do. kafkajs
 * 2.2.4 joins as somebody new, and nobody reads until the session of the old one has timed out, six seconds later. A
 * broker that does not know the name gives a new one.
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
