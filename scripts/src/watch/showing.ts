import type { WriteStream } from 'node:tty';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { eventLine } from './event-line.ts';
import { isOver } from './saga-end.ts';
import { sagaTree } from './saga-tree.ts';
import type { Seen } from './seen.ts';

/** Shows events as they come. */
export interface Showing {
  /** Events in the order in which they are to be shown. */
  show(events: readonly Seen[]): void;
  /** All of the past was shown. */
  caughtUp(): void;
  /** Called once at the end. */
  close(): void;
}

/** Each event as a line. */
export function showLines(terminal: WriteStream): Showing {
  const paint = paintFor(terminal);
  return {
    show: (events) => void terminal.write(events.map((event) => `${eventLine(event, paint)}\n`).join('')),
    caughtUp: () => undefined,
    close: () => undefined,
  };
}

export interface OneSaga {
  /** An order id, or its last characters. */
  readonly wanted: string;
  /** Only what is there already: as a tree and nothing else. */
  readonly onlyPast: boolean;
  /** Called when nothing more is to come. */
  over(): void;
}

/**
 * One saga. In a terminal its tree grows in place; elsewhere each event is a line as it comes, and the tree follows when
 * the saga is over or the showing is closed.
 */
export function showSaga(
  terminal: WriteStream,
  { wanted, onlyPast, over }: OneSaga,
): Showing & { readonly found: boolean } {
  const paint = paintFor(terminal);
  const draw = terminal.isTTY === true ? inPlace(terminal) : undefined;
  const events: Seen[] = [];
  let orderId: string | undefined;
  let past = true;

  const isWanted = (event: Seen): boolean => {
    if (orderId === undefined && event.orderId.endsWith(wanted)) orderId = event.orderId;
    return event.orderId === orderId;
  };
  const tree = (): string[] => {
    const width = terminal.isTTY === true ? terminal.columns - 1 : Number.POSITIVE_INFINITY;
    return sagaTree(orderId ?? wanted, events, { paint, width });
  };
  const refresh = (): void => {
    if (events.length > 0 && !past) draw?.(tree());
    if (isOver(events)) over();
  };

  return {
    get found() {
      return events.length > 0;
    },
    show(more) {
      const news = more.filter(isWanted);
      events.push(...news);
      if (past || news.length === 0) return;
      if (draw === undefined) writeLines(terminal, news, paint);
      refresh();
    },
    caughtUp() {
      past = false;
      if (draw === undefined && !onlyPast && !isOver(events)) writeLines(terminal, events, paint);
      refresh();
    },
    close() {
      if (events.length > 0 && draw === undefined) terminal.write(`${tree().join('\n')}\n`);
    },
  };
}

function writeLines(terminal: WriteStream, events: readonly Seen[], paint: Paint): void {
  terminal.write(events.map((event) => `${eventLine(event, paint)}\n`).join(''));
}

/** Writes lines over those that it wrote before. */
function inPlace(terminal: WriteStream): (lines: readonly string[]) => void {
  let height = 0;
  return (lines) => {
    terminal.write(`${height > 0 ? `\x1b[${height}A\x1b[J` : ''}${lines.join('\n')}\n`);
    height = lines.length;
  };
}
