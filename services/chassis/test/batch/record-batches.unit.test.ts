import { describe, expect, it } from '@jest/globals';
import { RecordBatches, type RecordBatchesParts } from '../../src/batch/record-batches.ts';
import type { KafkaRecord } from '../../src/kafka/record.ts';
import { realEnvironment } from '../../src/process/environment.ts';
import { Readiness } from '../../src/process/readiness.ts';
import { Retryable, Terminal } from '../../src/rules/failure.ts';
import type { Log } from '../../src/telemetry/log.ts';

const log = { warn: () => undefined, error: () => undefined } as unknown as Log;
const record = (offset: number, bytes = 1): KafkaRecord => ({
  topic: 'payment.events',
  partition: 0,
  offset: String(offset),
  timestampMs: 0,
  key: null,
  value: Buffer.alloc(bytes),
  headers: {},
});
const records = (count: number, from = 0): KafkaRecord[] => Array.from({ length: count }, (_, at) => record(from + at));

/** What was projected, batch by batch, whole and reduced. */
function projecting(over: Partial<RecordBatchesParts> = {}) {
  const readiness = new Readiness();
  const taken: string[][] = [];
  const reduced: string[] = [];
  const batches = new RecordBatches({
    project: async (batch) => void taken.push(batch.map(({ offset }) => offset)),
    projectReduced: async ({ offset }, { code }) => void reduced.push(`${offset} ${code}`),
    readiness,
    log,
    environment: { ...realEnvironment, random: () => 0 },
    ...over,
  });
  return { batches, readiness, taken, reduced };
}

const isOver = async (promise: Promise<void>): Promise<boolean> => {
  const turn = new Promise<'turn'>((resolve) => setImmediate(() => setImmediate(resolve, 'turn')));
  return (await Promise.race([promise, turn])) !== 'turn';
};

describe('the batches of a service that only reads', () => {
  it('are what has arrived in one turn, in order, and at most 500 records', async () => {
    const { batches, taken } = projecting();
    await Promise.all([batches.push(records(300)).handled, batches.push(records(300, 300)).handled]);
    expect(taken.map(({ length }) => length)).toEqual([500, 100]);
    expect(taken.flat()).toEqual(records(600).map(({ offset }) => offset));
  });

  it('count as handled only when their transaction is committed', async () => {
    let commit: () => void = () => undefined;
    const { batches } = projecting({ project: () => new Promise((resolve) => (commit = resolve)) });
    const { handled } = batches.push(records(40));
    expect(await isOver(handled)).toBe(false);
    commit();
    await handled;
  });

  it('wait for a database that is away, and say so', async () => {
    let away = true;
    const { batches, readiness, taken } = projecting({
      project: async (batch) => {
        if (away) throw new Retryable('DATABASE_AWAY', 'connect ECONNREFUSED');
        taken.push(batch.map(({ offset }) => offset));
      },
    });
    const { handled } = batches.push(records(3));
    expect(await isOver(handled)).toBe(false);
    expect(readiness.reasons.database).toContain('DATABASE_AWAY');
    away = false;
    await handled;
    expect(readiness.reasons).toEqual({});
    expect(taken).toEqual([['0', '1', '2']]);
  });

  it('go on without the one record that can never be taken: it is projected reduced', async () => {
    const { batches, taken, reduced } = projecting({
      project: async (batch) => {
        if (batch.some(({ offset }) => offset === '5')) throw new Terminal('SQLSTATE_22P05', 'a value without a form');
        taken.push(batch.map(({ offset }) => offset));
      },
    });
    await batches.push(records(8)).handled;
    expect(taken.flat()).toEqual(['0', '1', '2', '3', '4', '6', '7']);
    expect(reduced).toEqual(['5 SQLSTATE_22P05']);
  });

  it('ask for no more while 2,000 records wait, or 16 MiB', async () => {
    let commit: () => void = () => undefined;
    const project = () => new Promise<void>((resolve) => (commit = resolve));
    for (const many of [records(2_500), Array.from({ length: 40 }, (_, at) => record(at, 1_048_576))]) {
      const { batches } = projecting({ project });
      const { room, handled } = batches.push(many);
      expect(await isOver(room)).toBe(false);
      for (let left = many.length; left > 0; left -= 500) {
        await isOver(handled);
        commit();
        await isOver(handled);
      }
      await Promise.all([room, handled]);
    }
  });

  it('end with the one under way: what is left is never said to be handled', async () => {
    let commit: () => void = () => undefined;
    const { batches, readiness } = projecting({ project: () => new Promise((resolve) => (commit = resolve)) });
    const first = batches.push(records(500));
    const second = batches.push(records(100, 500));
    await isOver(first.handled);
    const stopped = batches.stop();
    commit();
    await Promise.all([stopped, first.handled]);
    expect(await isOver(second.handled)).toBe(false);
    expect(readiness.ready).toBe(true);
  });
});
