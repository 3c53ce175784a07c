import { useCallback, useEffect, useRef, useState } from 'react';
import { Button, FilterChip, Icon, Segmented, useKeys, useQuery } from '../parts/index.ts';
import { FilterMenu } from './filter-menu.tsx';
import { chipsOf, type Filters, NO_FILTERS } from './filters.ts';
import { SaveView } from './saved-views.tsx';

const TYPING_MS = 250;

export type Grouping = 'cause' | 'flat';

/** Search, chips, the menu of all filters, and how the list is grouped. Each is part of the address. */
export function FilterBar(props: {
  readonly filters: Filters;
  readonly grouping: Grouping;
  /** The query string as a view would be saved. */
  readonly query: string;
}) {
  const { filters, grouping } = props;
  const [, change] = useQuery();
  const [menu, setMenu] = useState(false);
  const close = useCallback(() => setMenu(false), []);
  const group = (next: Grouping) => change({ group: next === 'flat' ? 'flat' : null });
  const openMenu = (event: KeyboardEvent) => {
    event.preventDefault();
    setMenu(true);
  };
  useKeys('Sagas', [
    { key: 'f', shown: ['f'], says: 'filter', run: openMenu },
    { key: 'g', shown: ['g'], says: 'by cause or flat', run: () => group(grouping === 'flat' ? 'cause' : 'flat') },
  ]);
  const chips = chipsOf(filters);
  return (
    <div className="filters">
      <SearchField text={filters.q ?? ''} />
      {chips.map(([name, value]) => (
        <FilterChip key={name} name={name} value={value} onRemove={() => change({ [name]: null })} />
      ))}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Esc closes the menu wherever the focus is within it. */}
      <span
        className="fm-w"
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !menu) return;
          event.stopPropagation();
          close();
        }}
      >
        <Button icon="plus" look="quiet tall" aria-expanded={menu} onClick={() => setMenu(!menu)}>
          Filter
        </Button>
        {menu && <FilterMenu filters={filters} onChoose={(name, value) => change({ [name]: value })} onClose={close} />}
      </span>
      {(chips.length > 0 || filters.q) && (
        <Button look="quiet tall" onClick={() => change(NO_FILTERS)}>
          Clear
        </Button>
      )}
      <span className="spacer" />
      <SaveView query={props.query} />
      <span className="wide-only">
        <Segmented
          name="Group by"
          value={grouping}
          onChange={group}
          options={[
            { value: 'cause', label: 'By cause' },
            { value: 'flat', label: 'Flat' },
          ]}
        />
      </span>
    </div>
  );
}

/** What is typed becomes part of the address when the typing rests; all of it is one step back. */
function SearchField({ text }: { readonly text: string }) {
  const [, change] = useQuery();
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed.trim() === text) return undefined;
    const timer = setTimeout(() => change({ q: typed.trim() }, { replace: text !== '' }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text, change]);
  useKeys('Sagas', [
    {
      key: '/',
      run: (event) => {
        if (!input.current?.checkVisibility()) return;
        event.preventDefault();
        input.current.select();
      },
    },
    { key: 'Escape', run: () => document.activeElement === input.current && input.current?.blur() },
  ]);
  return (
    <search className="find wide">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        aria-label="Search sagas"
        placeholder="Order, customer, trace id, event id, SKU"
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <kbd>/</kbd>
    </search>
  );
}
