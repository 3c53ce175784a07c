import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { SagaPage } from '../../../src/contract/saga.ts';
import { get, Icon, IconButton, useKeys } from '../parts/index.ts';

/** Finds a saga from every screen: one that matches is opened, several are listed. The list has a field of its own, but for phones. */
export function SearchBox({ phoneOnly }: { readonly phoneOnly: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const [, navigate] = useLocation();
  const [open, setOpen] = useState(false);
  const focus = (event?: KeyboardEvent) => {
    if (!input.current?.checkVisibility()) return;
    event?.preventDefault();
    setOpen(true);
    input.current?.focus();
    input.current?.select();
  };
  useKeys('Everywhere', [
    { key: '/', shown: ['/'], says: 'search', run: focus },
    { key: 'Escape', run: () => document.activeElement === input.current && input.current?.blur() },
  ]);
  const submit = async () => {
    const text = input.current?.value.trim() ?? '';
    if (text === '') return;
    input.current?.blur();
    navigate(await found(text));
  };
  return (
    <search className={`find-w ${open ? 'open' : ''} ${phoneOnly ? 'phone' : ''}`}>
      <form
        className="find"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          aria-label="Search sagas"
          placeholder="Order, customer, trace, event, SKU"
          autoComplete="off"
          spellCheck={false}
          onBlur={() => setOpen(false)}
        />
        <kbd>/</kbd>
      </form>
      <IconButton icon="search" name="Search" look="quiet find-b" onClick={() => focus()} />
    </search>
  );
}

/** Where what was typed leads: the one saga that it matches, or the list of them. */
async function found(text: string): Promise<string> {
  const list = `/sagas?q=${encodeURIComponent(text)}`;
  const page = await get<SagaPage>(`/api/sagas?q=${encodeURIComponent(text)}&limit=2`).catch(() => null);
  const only = page?.items.length === 1 ? page.items[0] : undefined;
  return only === undefined ? list : `/sagas/${encodeURIComponent(only.orderId)}`;
}
