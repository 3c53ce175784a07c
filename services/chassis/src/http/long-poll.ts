import { z } from 'zod';
import type { Changes } from '../batch/changes.ts';

/** The query `wait` of a long poll: the answer comes when there is nothing more to wait for, or when the time is over. */
export const wait = z.coerce.number().int().min(0).max(30).default(0).describe('For how many seconds to wait.');

interface Watched<Row> {
  readonly changes: Changes<Row>;
  /** Of the row that tells when to look again. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Of a change that was committed here: whether a look at it would tell something new. Default: always. */
  readonly worthALook?: (row: Row) => boolean;
}

/** What a look sees when it has come to rest, or as it is after `waitMs`. Throws what `look` throws. */
export async function atRest<Seen, Row>(
  look: () => Promise<Seen>,
  isAtRest: (seen: Seen) => boolean,
  { waitMs, ...watched }: Watched<Row> & { readonly waitMs: number },
): Promise<Seen> {
  if (waitMs === 0) return look();
  let seen: Seen | undefined;
  for await (seen of looks(look, watched, waitMs)) if (isAtRest(seen)) break;
  // There is always a first look.
  return seen as Seen;
}

/** Looks once, and again after every change that is worth it, until the time is over or the taker has seen enough. */
export async function* looks<Seen, Row>(
  look: () => Promise<Seen>,
  { changes, key, signal, ...waiting }: Watched<Row>,
  forMs?: number,
): AsyncIterable<Seen> {
  const over = new AbortController();
  const stop = (): void => over.abort();
  const timer = forMs === undefined ? undefined : setTimeout(stop, forMs);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    while (true) {
      // Waiting starts before looking, so that no change falls between the two.
      const changed = changes.next(key, over.signal, waiting);
      yield await look();
      if (over.signal.aborted) return;
      await changed;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}
