import { lookAtStatus, type StatusLook } from '../../tables/status.ts';
import { namesOf, type StatusSources } from './sources.ts';

/** A poller wants its answer while the database is away as well. */
const PATIENCE_MS = 1_000;
/** However many ask, the database is asked twice a second at most. */
const FRESH_MS = 500;
/** A timer and a call of which this process knows begin at once, and mostly take less. */
const LATE_MS = 2_000;
/** A relay that does its work leaves nothing for so long. */
const WAITING_MS = 1_000;
/** No position is above it. */
const HIGHEST = '9223372036854775807';

export type Look = StatusLook & { readonly isKnown: boolean };

/**
 * Looks at the database for all who ask: never twice at once, and never more often than is worth it. A look that takes too long
 * is not waited for, and no other is begun beside it.
 */
export function databaseLook(sources: StatusSources): () => Promise<Look | undefined> {
  const { database, messaging, table } = sources;
  const timers = namesOf(table, ['timer']);
  const calls = namesOf(table, ['call']);
  let last: { readonly look: Look; readonly at: number } | undefined;
  let looking: Promise<Look | undefined> | undefined;

  const look = async (): Promise<Look> => {
    const { published, slot } = messaging;
    const isPolling = messaging.relay().kind === 'polling';
    const publishedUpTo = isPolling ? '0' : published.upTo;
    const times = { lateMs: LATE_MS, waitingMs: WAITING_MS };
    const query = { timers, calls, ...times, slot, publishedUpTo: publishedUpTo ?? HIGHEST };
    const found = await lookAtStatus(database, query);
    published.looked({ ...found, confirmed: found.slot?.confirmed ?? null });
    last = { look: { ...found, isKnown: publishedUpTo !== undefined }, at: performance.now() };
    return last.look;
  };

  return () => {
    if (last !== undefined && performance.now() - last.at < FRESH_MS) return Promise.resolve(last.look);
    looking ??= look()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return inTime(looking);
  };
}

async function inTime<Found>(looking: Promise<Found | undefined>): Promise<Found | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined).unref();
  });
  try {
    return await Promise.race([looking, over]);
  } finally {
    clearTimeout(timer);
  }
}
