import { Fragment, type ReactNode, useSyncExternalStore } from 'react';

type Close = () => void;

let shown: { readonly id: number; readonly dialog: ReactNode } | null = null;
let last = 0;
const listeners = new Set<() => void>();

function become(next: typeof shown): void {
  shown = next;
  for (const listener of listeners) listener();
}

/**
 * Opens a dialog that outlives what it was opened from. An act often takes its own row off the list, and what it came to has to be read
 * all the same.
 */
export function openDialog(render: (close: Close) => ReactNode): void {
  last += 1;
  const id = last;
  become({ id, dialog: render(() => shown?.id === id && become(null)) });
}

/** Where such a dialog stands: once on the page. */
export function OpenDialog() {
  const open = useSyncExternalStore(listen, () => shown);
  return open && <Fragment key={open.id}>{open.dialog}</Fragment>;
}

function listen(changed: () => void): Close {
  listeners.add(changed);
  return () => listeners.delete(changed);
}
