import { type Encoded, Output } from '../wire/output.ts';
import {
  type FetchArguments,
  type FetchPartition,
  type FetchPatch,
  type FetchTopic,
  patchFetches,
} from './fetch-protocol.ts';

/** Only fast: the same bytes in one buffer. kafkajs 2.2.4 makes several for each partition, again and again. */
export function speedUpFetchEncoding(): void {
  patchFetches(withOwnEncoder);
}

const withOwnEncoder: FetchPatch = ({ request, ...fetch }, args) => ({
  ...fetch,
  request: { ...request, encode: async () => encodeFetch(args) },
});

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
