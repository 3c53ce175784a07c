import { useEffect } from 'react';

/** The title of the document while a screen is shown: `Sagas · Troupe`. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Troupe`;
  }, [title]);
}
