import { RecordRefused } from '../../kafka/producer.ts';
import { keyHash } from '../../tables/dead-letters/key-hash.ts';
import type { OutboxRecord } from '../outbox-record.ts';
import type {
  RefusedRecordCounts,
  RefusedRecordFailure,
  RefusedRecordsTable,
  WaitingKey,
  Wanted,
} from './refused-records-table.ts';

export interface RefusedRecordsParts {
  readonly table: RefusedRecordsTable;
  /** Rows are deleted when the broker has them: by a relay that polls. */
  readonly deletesPublished?: boolean;
  /** Told of every record that the broker refuses. */
  refused(record: OutboxRecord, failure: RefusedRecordFailure): void;
  counted(counts: RefusedRecordCounts): void;
}

/** One request to the broker. @throws RecordRefused */
export type Request = (records: readonly OutboxRecord[]) => Promise<void>;

/**
 * What the broker refuses for good, and what waits behind it, is kept apart, so that the outbox goes on. Later events
 * of the topic and key wait, since a consumer must never see them without it; other keys go on. Dead letters have no
 * order among each other, so none waits.
 *
 * The relay that has the turn does one thing at a time: between the last row of a key that waited and the first that
 * did not, nothing comes.
 */
export class RefusedRecords {
  readonly #parts: RefusedRecordsParts;
  /** The position from which on the events of a key wait. */
  readonly #waiting = new Map<string, bigint>();
  /** Keys of which a relay that died had let the refused event go, and not yet what waits behind it. */
  readonly #leftOver: WaitingKey[];
  #count = 0;

  private constructor(parts: RefusedRecordsParts, keys: readonly WaitingKey[]) {
    this.#parts = parts;
    this.#leftOver = keys.filter(({ isHeld }) => !isHeld);
    for (const { topic, keyHash: hash, first } of keys) this.#waiting.set(`${topic} ${hash}`, BigInt(first));
  }

  static async open(parts: RefusedRecordsParts): Promise<RefusedRecords> {
    const refusedRecords = new RefusedRecords(parts, await parts.table.waitingKeys());
    await refusedRecords.#counted();
    return refusedRecords;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** Of these records those that can be sent. The others wait, and are aside when this resolves. */
  async without(records: readonly OutboxRecord[]): Promise<readonly OutboxRecord[]> {
    if (this.#waiting.size === 0) return records;
    const waiting = records.filter((record) => this.#waits(record));
    if (waiting.length === 0) return records;
    await this.#add(waiting, undefined);
    return records.filter((record) => !waiting.includes(record));
  }

  /** The broker refuses it for good. It is aside when this resolves. */
  async refuse(record: OutboxRecord, refusal: RecordRefused): Promise<void> {
    const failure = failureOf(refusal);
    await this.#add([record], failure);
    const name = nameOf(record);
    const { position } = record.place;
    if (name !== undefined && isEvent(record) && !this.#waiting.has(name)) this.#waiting.set(name, BigInt(position));
    this.#parts.refused(record, failure);
  }

  /** Does what operators have asked for, and what a relay before this one has not brought to its end. */
  async attend(request: Request): Promise<void> {
    const leftOver = this.#leftOver.splice(0);
    for (const { topic, keyHash: hash } of leftOver) await this.#letGo(topic, hash, request);
    const all = await this.#parts.table.wanted();
    for (const wanted of all) await this.#attendTo(wanted, request);
    if (leftOver.length + all.length > 0) await this.#counted();
  }

  async #attendTo({ place, topic, keyHash: hash, wanted }: Wanted, request: Request): Promise<void> {
    const { table } = this.#parts;
    if (wanted === 'discard') await table.remove([place], true);
    if (place.outbox === 'outbox' && hash !== undefined) {
      // What was discarded, and came again with the log, has no row: there is nothing to publish.
      if (await this.#letGo(topic, hash, request)) await table.remove([place]);
      return;
    }
    if (wanted === 'discard') return;
    const record = await table.at(place);
    if (record === undefined) await table.remove([place]);
    else await this.#publish([record], request);
  }

  /** Publishes the events of a key in their order. False when the broker has not taken all of them. */
  async #letGo(topic: string, hash: string, request: Request): Promise<boolean> {
    for (;;) {
      const records = await this.#parts.table.ofKey(topic, hash);
      if (records.length === 0) break;
      if (!(await this.#publish(records, request))) return false;
    }
    this.#waiting.delete(`${topic} ${hash}`);
    return true;
  }

  /** Whether the broker has all of them. */
  async #publish(records: readonly OutboxRecord[], request: Request): Promise<boolean> {
    const { table, deletesPublished = false } = this.#parts;
    const places = records.map(({ place }) => place);
    try {
      await request(records);
      await table.remove(places, deletesPublished);
      return true;
    } catch (error) {
      if (!(error instanceof RecordRefused)) throw error;
      if (error.at > 0) await table.remove(places.slice(0, error.at), deletesPublished);
      const refused = records[error.at] as OutboxRecord;
      await table.failedAgain(refused.place, failureOf(error));
      this.#parts.refused(refused, failureOf(error));
      return false;
    }
  }

  #waits(record: OutboxRecord): boolean {
    const first = isEvent(record) ? this.#waiting.get(nameOf(record) ?? '') : undefined;
    return first !== undefined && BigInt(record.place.position) >= first;
  }

  async #add(records: readonly OutboxRecord[], failure: RefusedRecordFailure | undefined): Promise<void> {
    await this.#parts.table.add(
      records.map(({ place, topic, key }) => {
        return { place, topic, key: key === null ? null : String(key), keyHash: hashOf(key), failure };
      }),
    );
    await this.#counted();
  }

  async #counted(): Promise<void> {
    const counts = await this.#parts.table.counts();
    this.#count = counts.refused + counts.waiting;
    this.#parts.counted(counts);
  }
}

const isEvent = ({ place }: OutboxRecord): boolean => place.outbox === 'outbox';
const failureOf = ({ code, message }: RecordRefused): RefusedRecordFailure => ({ code, message });
const hashOf = (key: OutboxRecord['key']): string | undefined =>
  keyHash(typeof key === 'string' ? Buffer.from(key) : key);

function nameOf({ topic, key }: OutboxRecord): string | undefined {
  const hash = hashOf(key);
  return hash && `${topic} ${hash}`;
}
