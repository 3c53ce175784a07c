import { createRequire } from 'node:module';

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
export interface FetchTopic {
  readonly topic: string;
  readonly partitions: readonly FetchPartition[];
}
export interface FetchPartition {
  readonly partition: number;
  readonly fetchOffset: string;
  readonly maxBytes: number;
}

/** One fetch as kafkajs makes it: how its request is written, and how its response is read. */
export interface Fetch {
  readonly request: { encode(): Promise<{ readonly buffer: Buffer }> };
  readonly response: { decode(bytes: Buffer): Promise<object>; parse(response: object): unknown };
}
export interface FetchProtocol {
  protocol(choice: { readonly version: number }): (args: FetchArguments) => Fetch;
}

/** The newest that kafkajs 2.2.4 speaks, and brokers have had since 2.3. */
const VERSION = 11;

const kafkajs = createRequire(import.meta.url)('kafkajs/src/protocol/requests/fetch') as FetchProtocol;
const patches = new Set<FetchPatch>();

/** Changes one fetch of version 11. Not asked where a fetch names forgotten topics: kafkajs itself never does that. */
export type FetchPatch = (fetch: Fetch, args: FetchArguments) => Fetch;

/** Applies `patch` to every fetch from here on. Several patches work together; the same one again changes nothing. */
export function patchFetches(patch: FetchPatch): void {
  if (patches.has(patch)) return;
  patches.add(patch);
  const unpatched = kafkajs.protocol;
  kafkajs.protocol = (choice) => {
    const make = unpatched(choice);
    if (choice.version !== VERSION) return make;
    return (args) => (args.forgottenTopics === undefined ? patch(make(args), args) : make(args));
  };
}
