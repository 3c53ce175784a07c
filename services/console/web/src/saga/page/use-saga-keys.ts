import type { SagaDetail } from '../../../../src/contract/index.ts';
import { type KeyBinding, useKeys } from '../../parts/index.ts';
import { alongCause, beside } from '../moment/along.ts';
import { momentsIn, stepped } from '../moment/moments.ts';
import { VIEWS, type ViewActions, type ViewState } from '../moment/use-view.ts';
import type { Neighbours } from './head.tsx';

/** The keys of one saga. Esc goes back one level: the panel, the past, the list. */
export function useSagaKeys(
  detail: SagaDetail | undefined,
  state: ViewState,
  actions: ViewActions,
  ways: { readonly neighbours: Neighbours; readonly back: () => void },
): void {
  const choose = (id: string | null): void => {
    if (id !== null && id !== state.event) {
      actions.choose(id);
    }
  };
  const move = (way: 1 | -1): void => {
    if (detail === undefined) {
      return;
    }
    const moments = momentsIn(detail);
    const last = moments.at(-1) ?? 0;
    const to = stepped(moments, state.at ?? last, way);
    actions.goTo(to === undefined || to >= last ? null : to, { replace: state.at !== null });
  };
  const bindings: readonly KeyBinding[] =
    detail === undefined
      ? []
      : [
          {
            key: 'Escape',
            shown: ['Esc'],
            says: 'back: the panel, the past, the list',
            run: () => leave(state, actions, ways.back),
          },
          { key: 'ArrowLeft', run: (event) => taken(event, () => choose(beside(detail, state.event, -1))) },
          {
            key: 'ArrowRight',
            shown: ['←', '→'],
            says: 'event to event',
            run: (event) => taken(event, () => choose(beside(detail, state.event, 1))),
          },
          { key: 'ArrowUp', run: (event) => taken(event, () => choose(alongCause(detail, state.event, 'cause'))) },
          {
            key: 'ArrowDown',
            shown: ['↑', '↓'],
            says: 'along causes',
            run: (event) => taken(event, () => choose(alongCause(detail, state.event, 'effect'))),
          },
          { key: 'k', run: () => ways.neighbours.previous?.() },
          { key: 'j', shown: ['j', 'k'], says: 'next saga, previous saga', run: () => ways.neighbours.next?.() },
          { key: '[', run: () => move(-1) },
          { key: ']', shown: ['[', ']'], says: 'earlier, later', run: () => move(1) },
          { key: 'l', shown: ['l'], says: 'live', run: () => actions.goTo(null) },
          {
            key: 'c',
            shown: ['c'],
            says: 'copy link',
            run: () => void navigator.clipboard.writeText(location.href).catch(() => undefined),
          },
          ...VIEWS.map((view, index) => ({
            key: String(index + 1),
            ...(index === 0 ? { shown: ['1', '5'], says: 'views' } : {}),
            run: () => actions.show(view),
          })),
        ];
  useKeys('One saga', bindings);
}

/** Arrows scroll what has the focus, move within tabs and menus, and move the slider: there they are left alone. */
function taken(event: KeyboardEvent, act: () => void): void {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[role="slider"], [role="tablist"], .tw, .code, .menu') !== null && target !== null) {
    return;
  }
  event.preventDefault();
  act();
}

function leave(state: ViewState, actions: ViewActions, back: () => void): void {
  if (state.event !== null) {
    actions.choose(null);
  } else if (state.at !== null) {
    actions.goTo(null);
  } else {
    back();
  }
}
