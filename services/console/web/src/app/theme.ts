import { Kept } from '../parts/index.ts';

type Theme = 'light' | 'dark' | null;

/** Null follows the system. `public/theme.js` reads it before the first paint. */
export const theme = new Kept<Theme>('troupe.theme', null);

const system = (): 'light' | 'dark' => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

/** To the other one; to the system's own it follows again. */
export function toggleTheme(): void {
  const next = (theme.get() ?? system()) === 'dark' ? 'light' : 'dark';
  theme.set(next === system() ? null : next);
  const root = document.documentElement;
  if (theme.get() === null) delete root.dataset.theme;
  else root.dataset.theme = next;
}
