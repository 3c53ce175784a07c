import type { SagaDetail } from '../../../../src/contract/index.ts';

/** The moments at which something happened, ascending, and the last one: now, or the end. */
export function momentsIn(detail: SagaDetail): readonly number[] {
  const moments = [
    ...detail.events.map((event) => event.at),
    ...detail.readings.flatMap((reading) => [...(reading.at === null ? [] : [reading.at]), ...reading.duplicates]),
    ...(detail.endedAt === null ? [detail.now] : []),
  ];
  return [...new Set(moments.map((moment) => Date.parse(moment)))].sort((a, b) => a - b);
}

/** To the next moment at which something happened, or the one before. */
export const stepped = (moments: readonly number[], at: number, way: 1 | -1): number | undefined =>
  way === 1 ? moments.find((moment) => moment > at) : moments.findLast((moment) => moment < at);
