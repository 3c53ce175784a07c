import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { RecordView } from '../../../src/contract/topics.ts';
import { fullMoment, Mark, serverNow, shortId, shortMoment, useKeys } from '../parts/index.ts';
import { nameOf, placeOf } from './filters.ts';

const ROW = 34;

/** A list as long as it likes: only what is in sight is drawn. It says when somebody reads in it, and when its end is near. */
export function RecordList(props: {
  readonly records: readonly RecordView[];
  readonly chosen: string | null;
  readonly onOpen: (record: RecordView) => void;
  readonly onHold: (held: boolean) => void;
  readonly hasMore: boolean;
  readonly onEnd: () => void;
}) {
  const { records, chosen, onOpen, onHold, hasMore, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [inside, setInside] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (at) => placeOf(records[at] as RecordView),
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const atEnd = useEffectEvent(() => hasMore && last >= records.length - 15 && onEnd());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves when the list grows.
  useEffect(() => void atEnd(), [last, records.length]);
  const hold = useEffectEvent((held: boolean) => onHold(held));
  useEffect(() => hold(inside || scrolled), [inside, scrolled]);
  const step = (by: number, event: KeyboardEvent) => {
    const at = records.findIndex((record) => placeOf(record) === chosen);
    const next = records[Math.min(Math.max(at + by, 0), records.length - 1)];
    if (next === undefined) return;
    event.preventDefault();
    onOpen(next);
    rows.scrollToIndex(records.indexOf(next));
  };
  useKeys('Records', [
    { key: 'ArrowDown', shown: ['↓'], says: 'next record', run: (event) => step(1, event) },
    { key: 'ArrowUp', shown: ['↑'], says: 'record before', run: (event) => step(-1, event) },
  ]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notices that somebody reads.
    <div
      className="rc-s"
      ref={scroller}
      onScroll={(event) => setScrolled(event.currentTarget.scrollTop > ROW)}
      onPointerEnter={() => setInside(true)}
      onPointerLeave={() => setInside(false)}
      onFocus={() => setInside(true)}
      onBlur={() => setInside(false)}
    >
      <ul className="rc-l" style={{ height: rows.getTotalSize() }}>
        {shown.map(({ key, index, start }) => {
          const record = records[index] as RecordView;
          return (
            <li key={key} style={{ transform: `translateY(${start}px)` }}>
              <Row record={record} isChosen={placeOf(record) === chosen} onOpen={() => onOpen(record)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Row(props: { readonly record: RecordView; readonly isChosen: boolean; readonly onOpen: () => void }) {
  const { record, isChosen, onOpen } = props;
  const { at, topic, partition, offset, key, type, payload, broken } = record;
  return (
    <button type="button" className={isChosen ? 'rc-r on' : 'rc-r'} aria-pressed={isChosen} onClick={onOpen}>
      <time dateTime={at} title={fullMoment(at)}>
        {shortMoment(at, serverNow())}
      </time>
      <span className="rc-e">
        {broken !== null && <Mark kind="dead" size={14} label="not decoded" />}
        {nameOf(type) ?? 'no event'}
      </span>
      <span className="mono rc-k">{key === null ? 'no key' : shortId(key)}</span>
      <span className="mono tx3 rc-p">{`${topic}/${partition}@${offset}`}</span>
      <span className={broken === null ? 'mono tx2 rc-c' : 'alarm-t rc-c'}>
        {broken?.message ?? preview(payload, key)}
      </span>
    </button>
  );
}

const PREVIEW = 160;

/** The beginning of the content, without what stands before it already: the key. */
function preview(payload: unknown, key: string | null): string {
  const fields = typeof payload === 'object' && payload !== null ? Object.entries(payload) : [];
  const rest = fields.some(([, value]) => value === key)
    ? Object.fromEntries(fields.filter(([, value]) => value !== key))
    : payload;
  return (JSON.stringify(rest) ?? '').slice(0, PREVIEW);
}
