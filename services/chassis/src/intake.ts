import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventType } from '@troupe/schemas';
import { fullJitter } from './backoff.ts';
import { Retryable, Terminal } from './failure.ts';
import type { Incoming, IncomingEvent, Undecodable } from './incoming.ts';
import type { KafkaRecord } from './kafka/record.ts';
import type { Log } from './log.ts';
import type { AnyMessageType } from './messages.ts';
import type { Readiness } from './readiness.ts';
import { contextOf } from './trace-context.ts';

/** What the intake needs of the codec; both throw Terminal or Retryable. */
export interface EventReader {
  /** Fetches the schemas that these values were written with and that are not known yet. */
  learn(values: readonly Buffer[]): Promise<void>;
  decode(value: Buffer): { readonly type: EventType; readonly data: { readonly orderId: string } };
}

interface IntakeParts {
  readonly table: { readonly reactions: readonly { readonly hears: AnyMessageType }[] };
  readonly reader: EventReader;
  readonly readiness: Readiness;
  readonly log: Log;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Turns records into messages, in order. Records of types that the service does not hear are left out without being
 * decoded. One that can never be decoded becomes `undecodable`; while the registry is away, everything waits.
 */
export function intake({ table, reader, readiness, log }: IntakeParts) {
  const heard = new Set(
    table.reactions.flatMap(({ hears }) => (hears.kind === 'event' ? [hears.fullName] : [])),
  );
  return async (records: readonly KafkaRecord[]): Promise<readonly Incoming[]> => {
    const wanted = records.filter(({ headers }) => headers.ce_type === undefined || heard.has(headers.ce_type));
    await waitedOut(() => reader.learn(wanted.flatMap(({ value }) => (value === null ? [] : [value]))));
    return wanted.map((record) => message(record, reader));
  };

  async function waitedOut(learn: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await learn();
        readiness.ok('registry');
        return;
      } catch (error) {
        // A schema that does not exist is found again, by its record, when that is decoded.
        if (!(error instanceof Retryable)) return;
        readiness.notOk('registry', `A schema cannot be fetched (${error.message}); waiting and trying again.`);
        log.warn({ attempt, err: error }, 'the schema registry is away; waiting');
        await sleep(fullJitter(attempt, 100, 5_000));
      }
    }
  }
}

function message(record: KafkaRecord, reader: EventReader): IncomingEvent | Undecodable {
  try {
    return event(record, reader);
  } catch (error) {
    const cause = error instanceof Error ? error : new Error(String(error));
    return { kind: 'undecodable', record, code: cause instanceof Terminal ? cause.code : 'UNDECODABLE', reason: cause.message };
  }
}

function event(record: KafkaRecord, reader: EventReader): IncomingEvent {
  const { headers, key, value } = record;
  const id = headers.ce_id?.toLowerCase();
  if (id === undefined || !UUID.test(id)) {
    throw new Terminal('NO_EVENT_ID', 'The record has no ce_id header with a UUID, so it cannot be deduplicated.');
  }
  if (headers.ce_type === undefined) throw new Terminal('NO_EVENT_TYPE', 'The record has no ce_type header.');
  if (value === null) throw new Terminal('NO_VALUE', 'The record has no value; an event topic holds no tombstones.');
  const { type, data } = reader.decode(value);
  if (type.fullName !== headers.ce_type) {
    throw new Terminal('TYPE_MISMATCH', `The ce_type header says ${headers.ce_type}, the schema says ${type.fullName}.`);
  }
  if (key?.toString() !== data.orderId) {
    throw new Terminal('KEY_MISMATCH', 'The record key is not the order id of the event: its order is not kept.');
  }
  return {
    kind: 'event',
    id,
    type: type.messageName,
    key: data.orderId,
    data,
    correlationId: data.orderId,
    causationId: id,
    parent: contextOf(headers),
    payloadHash: hash('sha256', value, 'buffer'),
    record,
  };
}
