import { useState } from 'react';
import { useLocation } from 'wouter';
import { boundKeys, Dialog, Key, useKeys } from '../parts/index.ts';
import { tabs } from './screens.ts';
import { toggleTheme } from './theme.ts';

/** Keys of every screen, and `?`, which shows those of the one that is open as well. */
export function Keys() {
  // Read when it is asked for: what the screens bind is theirs to say, and not while the page is drawn.
  const [shown, setShown] = useState<KeyGroups | null>(null);
  const [, navigate] = useLocation();
  useKeys('Everywhere', [
    { key: '?', shown: ['?'], says: 'all keys', run: () => setShown(grouped()) },
    { key: 'T', shown: ['Shift', 't'], says: 'dark or light', run: toggleTheme },
    ...tabs.map(({ href, name }, at) => ({
      key: SHIFTED[at] ?? '',
      shown: ['Shift', String(at + 1)],
      says: name,
      run: () => navigate(href),
    })),
  ]);
  if (shown === null) return null;
  return (
    <Dialog title="Keys" wide onClose={() => setShown(null)}>
      <div className="key-list">
        {shown.map(([title, rows]) => (
          <section key={title}>
            <h3>{title}</h3>
            <ul>
              {rows.map(([says, keys]) => (
                <li key={says}>
                  <span>{says}</span>
                  <span>
                    {keys.map((key) => (
                      <Key key={key}>{key}</Key>
                    ))}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** Shift with a digit, as most keyboards send it; the digits alone choose views of a saga. */
const SHIFTED = ['!', '@', '#', '$', '%', '^', '&'];

type KeyGroups = readonly (readonly [string, readonly (readonly [string, readonly string[]])[]])[];

function grouped(): KeyGroups {
  const byTitle = new Map<string, (readonly [string, readonly string[]])[]>();
  for (const { title, bindings } of boundKeys()) {
    const rows = byTitle.get(title) ?? [];
    for (const { says, shown } of bindings()) if (says && shown) rows.push([says, shown]);
    byTitle.set(title, rows);
  }
  return [...byTitle].filter(([, rows]) => rows.length > 0);
}
