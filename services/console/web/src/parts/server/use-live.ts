import { useCallback, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { type Channel, type LiveStatus, live, type Sent } from './live.ts';

/**
 * The newest of a channel; undefined until the first has come. Null subscribes nothing.
 *
 * @example const overview = useLive('overview')
 */
export function useLive<C extends Channel>(channel: C | null): Sent<C> | undefined {
  // The same function as long as the channel is the same: React subscribes again for every other one, and what was sent is lost.
  const subscribe = useCallback(
    (changed: () => void) => (channel === null ? () => {} : live.subscribe(channel, changed)),
    [channel],
  );
  return useSyncExternalStore(subscribe, () => (channel === null ? undefined : live.newest(channel)));
}

/** Calls `listener` with each thing that a channel sends: for a tail, whose events must not be skipped. */
export function useLiveEach<C extends Channel>(channel: C | null, listener: (data: Sent<C>) => void): void {
  const each = useEffectEvent(listener);
  useEffect(() => (channel === null ? undefined : live.subscribe(channel, (data) => each(data))), [channel]);
}

export const useLiveStatus = (): LiveStatus =>
  useSyncExternalStore(
    (changed) => live.watch(changed),
    () => live.status,
  );
