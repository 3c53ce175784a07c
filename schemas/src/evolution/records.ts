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

/** Records that nobody can read, whatever becomes of the schemas; the place is that of the first one. */
export interface ForeignCount extends Foreign, Place {
  readonly records: number;
}

export interface RecordReport {
  readonly records: number;
  readonly read: readonly ReadCount[];
  readonly faults: readonly RecordFault[];
  readonly foreign: readonly ForeignCount[];
}

/**
 * Decodes records with the schema of each reader, as the codec does. A record of `<service>.dlq` is for that service alone:
 * only there it is handled again. Asks the registry in `learn` only.
 */
export class RecordCheck {
  readonly #registry: Pick<SchemaSource, 'schemaById'>;
  readonly #readers: readonly Reader[];
  readonly #known = new Map<number, Readings | Foreign>();
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
  look({ topic, partition, offset, value, unreadable }: RecordAt): void {
    this.#records += 1;
    const at = { topic, partition, offset };
    if (unreadable !== undefined) return this.#isForeign(at, { code: 'BATCH_UNREADABLE', reason: unreadable });
    const [schemaId, readings] = this.#readingsOf(value);
    if ('code' in readings) return this.#isForeign(at, readings);
    const broken = readings.whyBroken(value as Buffer);
    if (broken !== undefined) return this.#isForeign(at, { code: 'AVRO_BROKEN', reason: broken });
    for (const { reader, faultOf } of readings.of(serviceOfDeadLetters(topic))) {
      const { service, version, event } = reader;
      const fault = faultOf(value as Buffer);
      if (fault === undefined) this.#isRead(reader);
      else this.#faults.push({ ...at, schemaId, event, service, version, ...fault });
    }
  }

  report(): RecordReport {
    const [read, foreign] = [[...this.#read.values()], [...this.#foreign.values()]];
    return { records: this.#records, read, faults: this.#faults, foreign };
  }

  #readingsOf(value: Buffer | null): readonly [number, Readings | Foreign] {
    if (value === null) return [0, { code: 'NO_VALUE', reason: 'The record has no value.' }];
    const id = schemaIdOf(value);
    if (id === undefined) return [0, { code: 'NOT_CONFLUENT_AVRO', reason: whyNotConfluent(value) }];
    const known = this.#known.get(id);
    if (known === undefined) throw new Error(`Schema ${id} is not known yet: learn() the value first.`);
    return [id, known];
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
