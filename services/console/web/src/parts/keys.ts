import { useEffect, useEffectEvent } from 'react';

export interface KeyBinding {
  /** `KeyboardEvent.key`: `/`, `ArrowDown`, `l`. */
  readonly key: string;
  /** As `?` shows it; bindings without are aliases. */
  readonly shown?: readonly string[];
  readonly says?: string;
  readonly run: (event: KeyboardEvent) => void;
}

interface KeyGroup {
  readonly title: string;
  readonly bindings: () => readonly KeyBinding[];
}

/** What is bound now, the screen's own after the shell's: the `?` dialog shows it. */
const groups = new Set<KeyGroup>();
export const boundKeys = (): readonly KeyGroup[] => [...groups];

/**
 * Binds keys while the component is on the page. They rest while one types, while a dialog is open, and while Ctrl, Alt or Meta is held.
 *
 * @example useKeys('One saga', [{ key: 'l', shown: ['l'], says: 'live', run: goLive }])
 */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector('dialog[open]') !== null) return;
    if (isTyping(event.target) && event.key !== 'Escape') return;
    const binding = bindings.find(({ key }) => key === event.key);
    binding?.run(event);
  });
  const current = useEffectEvent(() => bindings);
  useEffect(() => {
    const own: KeyGroup = { title, bindings: () => current() };
    groups.add(own);
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listen);
    return () => {
      groups.delete(own);
      document.removeEventListener('keydown', listen);
    };
  }, [title]);
}

/** Whether letters go into a field. Its Esc is still the page's: it leaves the field. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || (['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName) && !isSwitch(target));
}

const isSwitch = (element: HTMLElement): boolean =>
  element instanceof HTMLInputElement && ['checkbox', 'radio', 'range', 'button'].includes(element.type);
