import { useEffect, useState } from 'react';
import type { RecordView } from '../../../src/contract/topics.ts';
import { useLiveEach } from '../parts/index.ts';
import { type Filter, matches } from './filters.ts';

/** More are not kept: the newest push out the oldest. */
const KEPT = 2_000;

interface Tail {
  readonly shown: readonly RecordView[];
  readonly waiting: readonly RecordView[];
  readonly skipped: number;
}

const NOTHING: Tail = { shown: [], waiting: [], skipped: 0 };

/**
 * What has come since the tail was opened, newest first. While it is held, nothing is added above what is read: it waits, and is shown
 * when one asks for it, or reads no longer.
 */
export function useTail(topics: readonly string[] | null, filter: Filter, held: boolean) {
  const [tail, setTail] = useState(NOTHING);
  const channel = topics === null || topics.length === 0 ? null : (`tail:${topics.join('+')}` as const);
  const wanted = JSON.stringify([channel, filter]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other topics or another filter begin another tail.
  useEffect(() => setTail(NOTHING), [wanted]);
  useEffect(() => {
    if (!held) setTail(shownOf);
  }, [held]);
  useLiveEach(channel, ({ records, skipped }) => {
    const fitting = records.filter((record) => matches(record, filter));
    const newest = [...fitting].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    setTail((before) => {
      const next = { ...before, waiting: bounded([...newest, ...before.waiting]), skipped: before.skipped + skipped };
      return held ? next : shownOf(next);
    });
  });
  return {
    records: tail.shown,
    waiting: tail.waiting.length,
    skipped: tail.skipped,
    show: () => setTail(shownOf),
  };
}

const shownOf = (tail: Tail): Tail =>
  tail.waiting.length === 0 ? tail : { ...tail, shown: bounded([...tail.waiting, ...tail.shown]), waiting: [] };

const bounded = (records: readonly RecordView[]): readonly RecordView[] => records.slice(0, KEPT);
