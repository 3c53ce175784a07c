import { useSyncExternalStore } from 'react';

const PHONE = '(max-width: 760px)';

const subscribe = (changed: () => void): (() => void) => {
  const query = matchMedia(PHONE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
};

/** Whether the lanes turn by 90°: up to 760 px. */
export const useNarrow = (): boolean => useSyncExternalStore(subscribe, () => matchMedia(PHONE).matches);
