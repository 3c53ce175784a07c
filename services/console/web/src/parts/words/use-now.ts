import { useSyncExternalStore } from 'react';
import { onTick, shownNow } from './clock.ts';

/** Now by the server's clock, once a second. */
export const useNow = (): number => useSyncExternalStore(onTick, shownNow);
