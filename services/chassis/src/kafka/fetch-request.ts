import { type Encoded, Output } from './wire-output.ts';

/** What kafkajs hands to the encoder of its fetch request, version 11. */
export interface FetchArguments {
  readonly replicaId?: number;
  readonly isolationLevel?: number;
  readonly sessionId?: number;
  readonly sessionEpoch?: number;
  readonly maxWaitTime: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly topics: readonly FetchTopic[];
  readonly forgottenTopics?: readonly unknown[];
  readonly rackId?: string;
}
interface FetchTopic {
  readonly topic: string;
  readonly partitions: readonly FetchPartition[];
}
interface FetchPartition {
  readonly partition: number;
  readonly fetchOffset: string;
  readonly maxBytes: number;
}

/** Of no replica, but of a consumer. */
const CONSUMER = -1;
const READ_COMMITTED = 1;
const NO_SESSION = { id: 0, epoch: -1 };
const UNKNOWN = -1;
const PARTITION_SIZE = 28;
const FIXED_SIZE = 33;

/** Fetch request, version 11, without a session: https://kafka.apache.org/protocol#The_Messages_Fetch */
export function encodeFetch({ topics, rackId = '', ...args }: FetchArguments): Encoded {
  const out = new Output(requestSize(topics, rackId));
  out.int32(args.replicaId ?? CONSUMER);
  out.int32(args.maxWaitTime);
  out.int32(args.minBytes);
  out.int32(args.maxBytes);
  out.int8(args.isolationLevel ?? READ_COMMITTED);
  out.int32(args.sessionId ?? NO_SESSION.id);
  out.int32(args.sessionEpoch ?? NO_SESSION.epoch);
  out.int32(topics.length);
  for (const { topic, partitions } of topics) {
    out.string(topic);
    out.int32(partitions.length);
    for (const partition of partitions) writePartition(out, partition);
  }
  out.int32(0);
  out.string(rackId);
  return out.encoded;
}

function requestSize(topics: readonly FetchTopic[], rackId: string): number {
  const fixed = FIXED_SIZE + 2 + Buffer.byteLength(rackId);
  return topics.reduce((sum, { topic, partitions }) => {
    return sum + 2 + Buffer.byteLength(topic) + 4 + partitions.length * PARTITION_SIZE;
  }, fixed);
}

function writePartition(out: Output, { partition, fetchOffset, maxBytes }: FetchPartition): void {
  out.int32(partition);
  out.int32(UNKNOWN);
  out.int64(BigInt(fetchOffset));
  out.int64(BigInt(UNKNOWN));
  out.int32(maxBytes);
}
