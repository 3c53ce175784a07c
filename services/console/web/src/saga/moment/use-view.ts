import { useMemo } from 'react';
import { useQuery } from '../../parts/index.ts';
import type { LaneSettings } from '../drawing/lanes.tsx';

export const VIEWS = ['lanes', 'list', 'trace', 'state', 'raw'] as const;
export type View = (typeof VIEWS)[number];

/** How the saga is looked at. All of it is in the address. */
export interface ViewState {
  readonly view: View;
  /** The chosen mark. */
  readonly event: string | null;
  /** A past moment; null: now. */
  readonly at: number | null;
  readonly settings: LaneSettings;
}

export interface ViewActions {
  readonly show: (view: View) => void;
  readonly choose: (event: string | null) => void;
  /** While a handle is dragged, each place is the same step. */
  readonly goTo: (at: number | null, options?: { readonly replace?: boolean }) => void;
  readonly set: (settings: Partial<LaneSettings>) => void;
}

export function useView(): readonly [ViewState, ViewActions] {
  const [query, change] = useQuery();
  const text = query.toString();
  const state = useMemo(() => stateOf(new URLSearchParams(text)), [text]);
  const hide = (name: string, hidden: boolean): string | null =>
    [...['seams', 'readers'].filter((one) => (one === name ? hidden : isHidden(query, one)))].join(',') || null;
  return [
    state,
    {
      show: (view) => change({ view: view === 'lanes' ? null : view }),
      choose: (event) => change({ event }),
      goTo: (at, options) => change({ at: at === null ? null : new Date(at).toISOString() }, options),
      set: (settings) =>
        change({
          ...(settings.scale === undefined ? {} : { scale: settings.scale === 'true' ? 'true' : null }),
          ...(settings.folded === undefined ? {} : { fold: settings.folded.join(',') || null }),
          ...(settings.seams === undefined ? {} : { hide: hide('seams', !settings.seams) }),
          ...(settings.readers === undefined ? {} : { hide: hide('readers', !settings.readers) }),
        }),
    },
  ];
}

function stateOf(query: URLSearchParams): ViewState {
  const view = VIEWS.find((one) => one === query.get('view')) ?? 'lanes';
  const at = Date.parse(query.get('at') ?? '');
  return {
    view,
    event: query.get('event'),
    at: Number.isNaN(at) ? null : at,
    settings: {
      scale: query.get('scale') === 'true' ? 'true' : 'squeezed',
      seams: !isHidden(query, 'seams'),
      readers: !isHidden(query, 'readers'),
      folded: (query.get('fold') ?? '').split(',').filter((name) => name !== ''),
    },
  };
}

const isHidden = (query: URLSearchParams, name: string): boolean => (query.get('hide') ?? '').split(',').includes(name);
