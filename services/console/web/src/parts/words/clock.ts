/**
 * The server's clock, so that an age is right even where the browser's clock is not. It ticks once a second, and stands still
 * while the server does not answer: what is shown then is as old as it was.
 */
let skew = 0;
let heldAt: number | null = null;
let shown = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** What the server says it is. Differences below a quarter of a second are the way here, and are left alone. */
export function serverSays(now: string): void {
  const measured = Date.parse(now) - Date.now();
  if (Number.isNaN(measured) || Math.abs(measured - skew) < 250) return;
  skew = measured;
}

export function holdClock(held: boolean): void {
  if (held === (heldAt !== null)) return;
  heldAt = held ? Date.now() + skew : null;
  tick();
}

/** Milliseconds since 1970, by the server's clock. */
export const serverNow = (): number => heldAt ?? Date.now() + skew;

function tick(): void {
  shown = serverNow();
  for (const listener of listeners) listener();
}

export function onTick(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    tick();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Now, as it was at the last tick. */
export const shownNow = (): number => shown;
