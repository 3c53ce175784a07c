import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { SagaRow } from '../../../src/contract/saga.ts';
import { counted, Icon, rememberList, serviceIcon, useKeys, withQuery } from '../parts/index.ts';
import { CauseLine, HeadLine, MoreLine, NewerPill, SagaLine, UnknownCauseLine } from './line-views.tsx';
import { type Line, nextLine, orderIdsOf } from './lines.ts';

const HEIGHTS: Readonly<Record<Line['kind'], number>> = {
  cause: 44,
  'unknown cause': 44,
  row: 36,
  more: 30,
  head: 44,
};

interface ListProps {
  readonly lines: readonly Line[];
  /** What waits to be shown: `27 newer`. Null: nothing. */
  readonly waiting: string | null;
  readonly onShow: () => void;
  /** Somebody looks closely: the pointer or the focus is within, or it is scrolled. */
  readonly onClose: (close: boolean) => void;
  /** The last line came into sight. */
  readonly onEnd?: () => void;
}

/** The rows that are in sight, of however many there are. One of them is in the order of Tab; the arrows move on. */
export function SagaList({ lines, waiting, onShow, onClose, onEnd }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [active, setActive] = useState<string | null>(null);
  const [path, navigate] = useLocation();
  useLayoutEffect(() => setTop(box.current?.offsetTop ?? 0), []);
  const rows = useWindowVirtualizer({
    count: lines.length,
    estimateSize: (at) => HEIGHTS[lines[at]?.kind ?? 'row'],
    getItemKey: (at) => lines[at]?.key ?? at,
    overscan: 12,
    scrollMargin: top,
  });
  useCloseLook(box, onClose);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= lines.length - 1) onEnd?.();
  }, [last, lines.length, onEnd]);

  const at = active === null ? -1 : lines.findIndex(({ key }) => key === active);
  const first = at >= 0 ? at : nextLine(lines, -1, 1);
  const move = (event: KeyboardEvent, step: 1 | -1) => {
    event.preventDefault();
    const next = at < 0 ? nextLine(lines, -1, 1) : nextLine(lines, at, step);
    const key = lines[next]?.key;
    if (key === undefined) return;
    setActive(key);
    rows.scrollToIndex(next, { align: 'auto' });
    requestAnimationFrame(() =>
      box.current?.querySelector<HTMLElement>(`[data-index="${next}"] [tabindex="0"]`)?.focus(),
    );
  };
  // A row that was chosen a moment ago gets the focus with the next frame; Enter may be faster.
  const openChosen = () => {
    if (active === null || document.activeElement?.closest('a, button, input')) return;
    box.current?.querySelector<HTMLElement>(`[data-index="${at}"] [tabindex="0"]`)?.click();
  };
  useKeys('Sagas', [
    { key: 'ArrowDown', shown: ['↓', '↑'], says: 'move', run: (event) => move(event, 1) },
    { key: 'ArrowUp', run: (event) => move(event, -1) },
    { key: 'Enter', shown: ['Enter'], says: 'open', run: openChosen },
    {
      key: 'Escape',
      shown: ['Esc'],
      says: 'leave the list',
      run: () => {
        setActive(null);
        if (box.current?.contains(document.activeElement)) (document.activeElement as HTMLElement).blur();
      },
    },
  ]);
  const remember = () => rememberList({ address: path + location.search, orderIds: orderIdsOf(lines) });
  const open = (row: SagaRow, event: MouseEvent) => {
    if ((event.target as Element).closest('a, button') !== null || getSelection()?.toString()) return;
    remember();
    navigate(`/sagas/${encodeURIComponent(row.orderId)}`);
  };
  return (
    <div className="list">
      {waiting !== null && (
        <div className="newer">
          <NewerPill text={`${waiting}, show`} tabIndex={0} onShow={onShow} />
        </div>
      )}
      <div role="table" aria-label="Sagas" aria-rowcount={lines.length + 1} onClickCapture={remember}>
        <ListHead lines={lines} />
        <div ref={box} role="rowgroup" className="lines" style={{ height: rows.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const line = lines[index] as Line;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the link within opens it with Enter.
              <div
                key={key}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                ref={rows.measureElement}
                className={looksOf(line, line.key === active)}
                style={{ transform: `translateY(${start - top}px)` }}
                onFocus={() => setActive(line.key)}
                onClick={line.kind === 'row' ? (event) => open(line.row, event) : undefined}
              >
                <LineView line={line} tabIndex={index === first ? 0 : -1} onShow={onShow} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function LineView({
  line,
  tabIndex,
  onShow,
}: {
  readonly line: Line;
  readonly tabIndex: number;
  readonly onShow: () => void;
}) {
  switch (line.kind) {
    case 'row':
      return <SagaLine row={line.row} tabIndex={tabIndex} />;
    case 'cause':
      return <CauseLine cause={line.cause} gone={line.gone} />;
    case 'unknown cause':
      return <UnknownCauseLine code={line.code} total={line.total} />;
    case 'more':
      return <MoreLine href={moreHref(line.section)} text={moreText(line)} tabIndex={tabIndex} />;
    case 'head':
      return (
        <HeadLine section={line.section} total={line.total}>
          {line.newer > 0 && <NewerPill text={`${line.newer} newer, show`} tabIndex={0} onShow={onShow} />}
        </HeadLine>
      );
  }
}

function looksOf(line: Line, active: boolean): string {
  if (line.kind !== 'row') return 'line';
  const late = line.row.state === 'stuck' ? 'late' : '';
  return `line row ${late} ${active ? 'is-sel' : ''} ${line.gone ? 'gone' : ''}`;
}

/** "more" leads to the list of that cause or state alone, whole. */
function moreHref(section: string): string {
  const query = new URLSearchParams(location.search);
  if (section === 'moving') return withQuery('/sagas', query, { state: 'running' });
  if (section === 'ended') return withQuery('/sagas', query, { state: 'done' });
  return withQuery('/sagas', query, { cause: section.slice('cause:'.length) });
}

const moreText = ({ section, left }: Line & { kind: 'more' }): string =>
  section.startsWith('cause:') ? `${counted(left, 'more', 'more')} with this cause` : counted(left, 'more', 'more');

/** The columns. Over the trails stand the services of the longest one: that is where most of them go. */
function ListHead({ lines }: { readonly lines: readonly Line[] }) {
  const trails = lines.flatMap((line) => (line.kind === 'row' ? [line.row.there] : []));
  const longest = trails.reduce((most, there) => (there.length > most.length ? there : most), trails[0] ?? []);
  return (
    <div role="rowgroup">
      <div role="row" className="line lh" aria-rowindex={1}>
        <HeadCell name="c-id">Order</HeadCell>
        <HeadCell name="c-trail">
          <span className="vh">There and back</span>
          <span className="trail-h">
            {longest.slice(0, 5).map(({ service }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
              <span key={place} title={service}>
                <Icon name={serviceIcon(service)} />
              </span>
            ))}
          </span>
        </HeadCell>
        <HeadCell name="c-where">Stands at</HeadCell>
        <HeadCell name="c-wait">For</HeadCell>
        <HeadCell name="c-total">Total</HeadCell>
        <HeadCell name="c-kind">
          <span className="vh">Style</span>
        </HeadCell>
      </div>
    </div>
  );
}

function HeadCell({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div role="columnheader" className={name}>
      {children}
    </div>
  );
}

/** Says whenever somebody begins or ends to look closely. A finger that scrolled has left: its scrolling is what holds. */
function useCloseLook(box: React.RefObject<HTMLDivElement | null>, onClose: (close: boolean) => void): void {
  useEffect(() => {
    const list = box.current?.closest<HTMLElement>('.list');
    if (!list) return undefined;
    let pointer = false;
    let focus = false;
    const say = () => onClose(pointer || focus || window.scrollY > list.offsetTop);
    const listen: readonly (readonly [EventTarget, string, (event: Event) => void])[] = [
      [list, 'pointerenter', (event) => (pointer = (event as PointerEvent).pointerType === 'mouse')],
      [list, 'pointerleave', () => (pointer = false)],
      [list, 'focusin', () => (focus = true)],
      [list, 'focusout', () => (focus = false)],
      [window, 'scroll', () => {}],
    ];
    const heard = listen.map(([target, name, note]) => {
      const handler = (event: Event) => {
        note(event);
        say();
      };
      target.addEventListener(name, handler, { passive: true });
      return () => target.removeEventListener(name, handler);
    });
    return () => {
      for (const stop of heard) stop();
    };
  }, [box, onClose]);
}
