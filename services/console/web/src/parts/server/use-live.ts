import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { type Channel, type LiveStatus, live, type Sent } from './live.ts';

/**
 * The newest of a channel; undefined until the first has come. Null subscribes nothing.
 *
 * @example const overview = useLive('overview')
 */
export function useLive<C extends Channel>(channel: C | null): Sent<C> | undefined {
  return useSyncExternalStore(
    (changed) => (channel === null ? () => {} : live.subscribe(channel, changed)),
    () => (channel === null ? undefined : live.newest(channel)),
  );
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
