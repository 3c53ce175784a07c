import type { SchemaSource } from '../codec.ts';
import { schemaIdOf, whyNotConfluent } from '../wire-format.ts';
import type { Reader } from './reading.ts';
import { type Foreign, howToRead, type Readings } from './readings.ts';

interface Place {
  readonly topic: string;
  readonly partition: number;
  /** Decimal, as it may exceed 2^53. */
  readonly offset: string;
}

/** A record as it lies in a topic. */
export interface RecordAt extends Place {
  readonly value: Buffer | null;
  /** Why this is a whole batch that cannot be read, and not a record. */
  readonly unreadable?: string;
}

/** A record that a service cannot read. */
export interface RecordFault extends Place {
  readonly schemaId: number;
  readonly event: string;
  readonly service: string;
  /** With which the service reads. */
  readonly version: number;
  /** What it cannot take: several, separated by commas; empty where it is no single field. */
  readonly field: string;
  readonly reason: string;
}

/** How many records a service reads with a version that it may run with. */
export interface ReadCount {
  readonly service: string;
  readonly event: string;
  readonly version: number;
  readonly records: number;
}

/** How many records were written with a schema. */
export interface WrittenCount {
  readonly event: string;
  readonly schemaId: number;
  readonly records: number;
}

/** Records that nobody can read, whatever becomes of the schemas; the place is that of the first one. */
export interface ForeignCount extends Foreign, Place {
  readonly records: number;
}

export interface RecordReport {
  readonly records: number;
  readonly written: readonly WrittenCount[];
  readonly read: readonly ReadCount[];
  readonly faults: readonly RecordFault[];
  readonly foreign: readonly ForeignCount[];
}

/** A value whose bytes are what its schema says. */
interface Whole {
  readonly schemaId: number;
  readonly value: Buffer;
  readonly readings: Readings;
}

/**
 * Decodes records with the schema of each reader, as the codec does. A record of `<service>.dlq` is for that service alone:
 * only there it is handled again. Asks the registry in `learn` only.
 */
export class RecordCheck {
  readonly #registry: Pick<SchemaSource, 'schemaById'>;
  readonly #readers: readonly Reader[];
  readonly #known = new Map<number, Readings | Foreign>();
  readonly #written = new Map<number, WrittenCount>();
  readonly #read = new Map<string, ReadCount>();
  readonly #foreign = new Map<string, ForeignCount>();
  readonly #faults: RecordFault[] = [];
  #records = 0;

  constructor(registry: Pick<SchemaSource, 'schemaById'>, readers: readonly Reader[]) {
    this.#registry = registry;
    this.#readers = readers;
  }

  /** Fetches the schemas of these values that are not known yet. Throws RegistryUnavailable. */
  async learn(values: Iterable<Buffer>): Promise<void> {
    const ids = new Set([...values].map(schemaIdOf));
    for (const id of ids) {
      if (id === undefined || this.#known.has(id)) continue;
      const text = await this.#registry.schemaById(id);
      this.#known.set(id, howToRead(id, text, this.#readers));
    }
  }

  /** Takes a record, each once. Throws when its value was not learned. */
  look(record: RecordAt): void {
    const { topic, partition, offset } = record;
    const at = { topic, partition, offset };
    this.#records += 1;
    const found = this.#readingsOf(record);
    if ('code' in found) {
      this.#isForeign(at, found);
      return;
    }
    this.#isWritten(found);
    for (const { reader, faultOf } of found.readings.of(serviceOfDeadLetters(topic))) {
      const { service, version, event } = reader;
      const fault = faultOf(found.value);
      if (fault === undefined) this.#isRead(reader);
      else this.#faults.push({ ...at, schemaId: found.schemaId, event, service, version, ...fault });
    }
  }

  report(): RecordReport {
    return {
      records: this.#records,
      written: [...this.#written.values()],
      read: [...this.#read.values()],
      faults: this.#faults,
      foreign: [...this.#foreign.values()],
    };
  }

  #readingsOf({ value, unreadable }: RecordAt): Whole | Foreign {
    if (unreadable !== undefined) return { code: 'BATCH_UNREADABLE', reason: unreadable };
    if (value === null) return { code: 'NO_VALUE', reason: 'The record has no value.' };
    const schemaId = schemaIdOf(value);
    if (schemaId === undefined) return { code: 'NOT_CONFLUENT_AVRO', reason: whyNotConfluent(value) };
    const readings = this.#known.get(schemaId);
    if (readings === undefined) throw new Error(`Schema ${schemaId} is not known yet: learn() the value first.`);
    if ('code' in readings) return readings;
    const broken = readings.whyBroken(value);
    return broken === undefined ? { schemaId, value, readings } : { code: 'AVRO_BROKEN', reason: broken };
  }

  #isWritten({ schemaId, readings: { event } }: Whole): void {
    const records = (this.#written.get(schemaId)?.records ?? 0) + 1;
    this.#written.set(schemaId, { event, schemaId, records });
  }

  #isRead({ service, event, version }: Reader): void {
    const key = `${service} ${event} ${version}`;
    const records = (this.#read.get(key)?.records ?? 0) + 1;
    this.#read.set(key, { service, event, version, records });
  }

  #isForeign(at: Place, foreign: Foreign): void {
    const key = `${at.topic} ${foreign.reason}`;
    const first = this.#foreign.get(key) ?? { ...at, ...foreign, records: 0 };
    this.#foreign.set(key, { ...first, records: first.records + 1 });
  }
}

/** `payment` of `payment.dlq`; undefined for topics of events. */
const serviceOfDeadLetters = (topic: string): string | undefined => /([^.]+)\.dlq$/.exec(topic)?.[1];
