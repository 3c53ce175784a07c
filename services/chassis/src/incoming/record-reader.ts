import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Codec, RegistryUnavailable } from '@troupe/schemas';
import { RECORD_BATCH } from '../kafka/batches/batch-as-value.ts';
import type { KafkaRecord } from '../kafka/record.ts';
import { fullJitter } from '../process/backoff.ts';
import type { Readiness } from '../process/readiness.ts';
import { codeOf, Terminal } from '../rules/failure.ts';
import { shown } from '../rules/fault-sentences.ts';
import { isId, refuseOtherSpelling, requireOneSpelling } from '../rules/id-spelling.ts';
import type { Log } from '../telemetry/log.ts';
import { contextOf } from '../telemetry/trace-context.ts';
import { DEPTH_HEADER, depthOf } from './event-depth.ts';
import type { IncomingEvent, Poison } from './incoming.ts';

export interface RecordReaderParts {
  readonly codec: Pick<Codec, 'learn' | 'decode'>;
  readonly readiness: Readiness;
  readonly log: Log;
}

/** Ids besides `ce_id`. A record may lack them; the first two are usually the record key. */
const ID_HEADERS = ['ce_subject', 'ce_correlationid', 'ce_causationid'] as const;

/**
 * Makes of each record its event, in order. One that can never be decoded becomes `poison`; while the registry is away,
 * everything waits, until `stopping`.
 * @throws RegistryUnavailable when it is to stop while it waits.
 */
export function recordReader({ codec, readiness, log }: RecordReaderParts, stopping?: AbortSignal) {
  return (records: readonly KafkaRecord[]): Promise<readonly (IncomingEvent | Poison)[]> =>
    waitedOut(async () => {
      await codec.learn(records.flatMap((record) => (record.value === null || isBatch(record) ? [] : [record.value])));
      return records.map((record) => message(record, codec));
    });

  async function waitedOut<Read>(read: () => Promise<Read>): Promise<Read> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const found = await read();
        readiness.ok('registry');
        return found;
      } catch (error) {
        if (!(error instanceof RegistryUnavailable) || stopping?.aborted) throw error;
        readiness.notOk('registry', `A schema cannot be fetched (${error.message}); waiting and trying again.`);
        log.warn({ attempt, err: error }, 'the schema registry is away; waiting');
        await sleep(fullJitter(attempt, 100, 5_000), undefined, { signal: stopping }).catch(() => undefined);
      }
    }
  }
}

function message(record: KafkaRecord, codec: RecordReaderParts['codec']): IncomingEvent | Poison {
  try {
    return event(record, codec);
  } catch (error) {
    if (error instanceof RegistryUnavailable) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'poison', record, code: codeOf(error) ?? 'UNDECODABLE', reason };
  }
}

/** Whether the value is a whole record batch that could not be read; also when it comes back as a dead letter. */
const isBatch = ({ unreadable, headers }: KafkaRecord): boolean =>
  unreadable !== undefined || headers['content-type'] === RECORD_BATCH;

const WAS_UNREADABLE =
  'The value is a whole record batch that could not be read when it came. Nothing in it can be handled from here: have its ' +
  'producer write its records again, or set the group back to its offset when this version can read it; then discard it.';

function event(record: KafkaRecord, codec: RecordReaderParts['codec']): IncomingEvent {
  const { headers, key, value } = record;
  if (isBatch(record)) throw new Terminal('BATCH_UNREADABLE', record.unreadable?.reason ?? WAS_UNREADABLE);
  const id = headers.ce_id ?? '';
  if (!isId(id)) {
    refuseOtherSpelling('The ce_id header', id);
    throw new Terminal('NO_EVENT_ID', 'The record has no ce_id header with a UUID, so it cannot be deduplicated.');
  }
  if (headers.ce_type === undefined) throw new Terminal('NO_EVENT_TYPE', 'The record has no ce_type header.');
  if (value === null) throw new Terminal('NO_VALUE', 'The record has no value; an event topic holds no tombstones.');
  const { type, data } = codec.decode(value);
  if (type.fullName !== headers.ce_type) {
    throw new Terminal(
      'TYPE_MISMATCH',
      `The ce_type header says ${headers.ce_type}, the schema says ${type.fullName}.`,
    );
  }
  const sagaKey = type.keyOf(data);
  requireOneKey(key, { field: type.key, value: sagaKey }, headers);
  return {
    kind: 'event',
    id,
    type: type.messageName,
    key: sagaKey,
    data,
    correlationId: sagaKey,
    causationId: id,
    depth: depthOf(headers[DEPTH_HEADER]),
    parent: contextOf(headers),
    payloadHash: hash('sha256', value, 'buffer'),
    record,
  };
}

/** The field of a value that its schema declares as the key. */
interface KeyInValue {
  readonly field: string;
  readonly value: string;
}

/** The key, the value and the headers of a record name its saga in one spelling, or the record is of no saga. */
function requireOneKey(key: Buffer | null, { field, value }: KeyInValue, headers: KafkaRecord['headers']): void {
  requireOneSpelling(`The ${field} in the value`, value);
  const keyText = key?.toString();
  if (keyText !== value) throw wrongKey(keyText, { field, value });
  for (const name of ID_HEADERS) {
    const text = headers[name];
    if (text !== undefined && text !== value) refuseOtherSpelling(`The ${name} header`, text);
  }
}

function wrongKey(key: string | undefined, { field, value }: KeyInValue): Terminal {
  if (key !== undefined) refuseOtherSpelling('The record key', key);
  const found = key === undefined ? 'has no key' : `has the key ${shown(key)}`;
  return new Terminal(
    'KEY_MISMATCH',
    `The record ${found}, and the ${field} in its value is ${value}: the order of its events is not kept. Mend its producer.`,
  );
}
