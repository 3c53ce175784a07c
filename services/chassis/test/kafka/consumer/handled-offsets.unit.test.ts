import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HandledOffsets } from '../../../src/kafka/consumer/handled-offsets.ts';

describe('the position of a partition', () => {
  it('passes records only when all before them are handled', () => {
    const offsets = new HandledOffsets();
    const first = offsets.push('t', 0, '10');
    const second = offsets.push('t', 0, '20');
    const third = offsets.push('t', 0, '30');
    second();
    expect(offsets.takeCommittable()).toEqual([]);
    first();
    expect(offsets.takeCommittable()).toEqual([{ topic: 't', partition: 0, offset: '20' }]);
    third();
    expect(offsets.takeCommittable()).toEqual([{ topic: 't', partition: 0, offset: '30' }]);
  });

  it('is taken once, and put back only where the partition has not moved on', () => {
    const offsets = new HandledOffsets();
    offsets.push('t', 0, '10')();
    offsets.push('t', 1, '5')();
    const taken = offsets.takeCommittable();
    expect(offsets.takeCommittable()).toEqual([]);
    offsets.push('t', 0, '11')();
    offsets.putBack(taken);
    expect(offsets.takeCommittable()).toEqual([
      { topic: 't', partition: 0, offset: '11' },
      { topic: 't', partition: 1, offset: '5' },
    ]);
  });

  it('never skips and never goes back, in whatever order effects are settled', () => {
    const partitions = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(partitions, fc.infiniteStream(fc.nat()), (sizes, chance) => {
        const offsets = new HandledOffsets();
        const open = sizes.flatMap((size, partition) =>
          Array.from({ length: size }, (_, at) => ({
            partition,
            at,
            settle: offsets.push('t', partition, `${at + 1}`),
          })),
        );
        const handled = new Map(sizes.map((_, partition) => [partition, new Set<number>()]));
        const reached = sizes.map(() => 0);
        while (open.length > 0) {
          const [next] = open.splice((chance.next().value as number) % open.length, 1);
          next?.settle();
          handled.get(next?.partition ?? -1)?.add(next?.at ?? -1);
          for (const { partition, offset } of offsets.takeCommittable()) {
            expect(Number(offset)).toBeGreaterThan(reached[partition] as number);
            for (let at = 0; at < Number(offset); at += 1) expect(handled.get(partition)?.has(at)).toBe(true);
            reached[partition] = Number(offset);
          }
        }
        expect(reached).toEqual(sizes);
      }),
    );
  });

  it('is settled when everything pushed is handled', async () => {
    const offsets = new HandledOffsets();
    await offsets.settled();
    const done = [offsets.push('t', 0, '1'), offsets.push('t', 1, '1')];
    let settled = false;
    const waiting = offsets.settled().then(() => {
      settled = true;
    });
    done[0]?.();
    done[0]?.();
    await Promise.resolve();
    expect(settled).toBe(false);
    done[1]?.();
    await waiting;
  });
});
