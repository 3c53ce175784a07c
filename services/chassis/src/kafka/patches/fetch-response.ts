import { AbortedTransactions } from '../batches/aborted-transactions.ts';
import { Budget } from '../batches/budget.ts';
import type { FetchedMessage } from '../batches/fetched-message.ts';
import { readEntries } from '../batches/log-entries.ts';
import type { LogReading } from '../batches/log-reading.ts';
import { Input, NotReadable } from '../wire/input.ts';

/** A fetch response, version 11, as kafkajs decodes it. */
export type FetchResponse = ReturnType<FetchDecoder['response']>;
interface Said {
  readonly messages: readonly unknown[];
  readonly errorCode: number;
  readonly preferredReadReplica: number;
}

/** No other replica is nearer than the one that answers. */
const NO_REPLICA = -1;

export interface Asked {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
}

/**
 * Decodes a fetch response as kafkajs does, without the partitions that have nothing to say: each would cost a batch
 * and a worker. Beyond kafkajs: every compression, no records of aborted transactions, and a message for each batch
 * that cannot be read. Undefined when it is no response (bytes end early, numbers above 2^53).
 *
 * https://kafka.apache.org/protocol#The_Messages_Fetch
 */
export function decodeFetch(bytes: Buffer, asked: readonly Asked[] = []): FetchResponse | undefined {
  try {
    return new FetchDecoder(bytes, asked).response();
  } catch {
    return undefined;
  }
}

const hasSomething = ({ messages, errorCode, preferredReadReplica }: Said): boolean =>
  messages.length > 0 || errorCode !== 0 || preferredReadReplica !== NO_REPLICA;

class FetchDecoder {
  readonly #input: Input;
  readonly #asked: readonly Asked[];
  readonly #budget = new Budget();

  constructor(bytes: Buffer, asked: readonly Asked[]) {
    this.#input = new Input(bytes);
    this.#asked = asked;
  }

  response() {
    const input = this.#input;
    const clientSideThrottleTime = input.int32();
    const errorCode = input.int16();
    const sessionId = input.int32();
    const topics = this.#many(() => this.#topic());
    const responses = topics.filter(({ partitions }) => partitions.length > 0);
    return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
  }

  #many<Item>(read: () => Item): Item[] {
    const count = this.#input.int32();
    const items: Item[] = [];
    for (let at = 0; at < count; at += 1) items.push(read());
    return items;
  }

  #topic() {
    const topicName = this.#input.string();
    return { topicName, partitions: this.#many(() => this.#partition(topicName)).filter(hasSomething) };
  }

  #partition(topic: string) {
    const input = this.#input;
    const partition = input.int32();
    const errorCode = input.int16();
    const highWatermark = input.int64();
    const lastStableOffset = input.int64();
    const lastStartOffset = input.int64();
    const aborted = this.#many(() => ({ producerId: input.int64(), firstOffset: input.int64() }));
    const preferredReadReplica = input.int32();
    const messages = this.#messages({
      found: [],
      aborted: aborted.length === 0 ? undefined : new AbortedTransactions(aborted),
      budget: this.#budget,
      highWatermark,
      askedFrom: () => this.#askedFrom(topic, partition),
    });
    return {
      partition,
      errorCode,
      highWatermark: String(highWatermark),
      lastStableOffset: String(lastStableOffset),
      lastStartOffset: String(lastStartOffset),
      preferredReadReplica,
      messages,
      // Their records are left out already.
      abortedTransactions: [],
    };
  }

  #messages(reading: LogReading): readonly FetchedMessage[] {
    const input = this.#input;
    const size = input.int32();
    if (size <= 0) return reading.found;
    if (size > input.left) throw new NotReadable('a response that ends too early');
    const end = input.at + size;
    readEntries(input, end, reading);
    input.at = end;
    return reading.found;
  }

  #askedFrom(topic: string, partition: number): number | undefined {
    const partitions = this.#asked.find((one) => one.topic === topic)?.partitions;
    const offset = partitions?.find((one) => one.partition === partition)?.fetchOffset;
    return offset === undefined ? undefined : Number(offset);
  }
}
