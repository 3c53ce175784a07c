import { Kept } from '../parts/index.ts';

/** A name for an address of the list. */
export interface SavedView {
  readonly name: string;
  /** The query string without its question mark. */
  readonly query: string;
}

export const views = new Kept<readonly SavedView[]>('troupe.views', []);

/** A view of the same name is replaced: saving again moves it to another address. */
export function saveView(view: SavedView): void {
  views.set([...views.get().filter(({ name }) => name !== view.name), view]);
}

export const dropView = (name: string): void => views.set(views.get().filter((view) => view.name !== name));
