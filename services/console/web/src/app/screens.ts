import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { IconName } from '../parts/index.ts';

export interface Screen {
  /** As wouter reads it. */
  readonly path: string;
  readonly view: LazyExoticComponent<ComponentType>;
}

/** Every folder with an `index.tsx` beside this one is a screen: its default export. Each is loaded when it is first shown. */
const found = import.meta.glob<{ readonly default: ComponentType }>('../*/index.tsx');

const PATHS: Readonly<Record<string, string>> = {
  sagas: '/sagas',
  saga: '/sagas/:id',
  map: '/map',
  topics: '/topics',
  'dead-letters': '/dead-letters',
  attention: '/attention',
  services: '/services',
  try: '/try',
};

export const screens: readonly Screen[] = Object.entries(PATHS).flatMap(([folder, path]) => {
  const load = found[`../${folder}/index.tsx`];
  return load === undefined ? [] : [{ path, view: lazy(load) }];
});

export interface Tab {
  readonly href: string;
  readonly name: string;
  readonly icon: IconName;
  /** Which figure of the overview stands beside it. */
  readonly count?: 'deadLetters' | 'attention' | 'services';
}

export const tabs: readonly Tab[] = [
  { href: '/sagas', name: 'Sagas', icon: 'sagas' },
  { href: '/map', name: 'Map', icon: 'map' },
  { href: '/topics', name: 'Topics', icon: 'topics' },
  { href: '/dead-letters', name: 'Dead letters', icon: 'dead', count: 'deadLetters' },
  { href: '/attention', name: 'Attention', icon: 'attention', count: 'attention' },
  { href: '/services', name: 'Services', icon: 'services', count: 'services' },
  { href: '/try', name: 'Try', icon: 'try' },
];

/** On a phone these stand at the bottom; the others are behind "More". */
export const PHONE_TABS: readonly string[] = ['/sagas', '/attention', '/dead-letters', '/services'];

/** `/sagas/<id>` belongs to `/sagas`. */
export const isWithin = (path: string, tab: Tab): boolean => path === tab.href || path.startsWith(`${tab.href}/`);
