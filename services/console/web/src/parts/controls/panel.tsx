import { Fragment, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Mark } from '../marks/mark.tsx';
import type { MarkKind } from '../marks/mark-kinds.ts';
import { IconButton } from './button.tsx';

/** What is chosen, whole, beside what it was chosen in. Up to 1240 px it stands below it, on a phone it is a sheet from below. */
export function Panel(props: {
  /** For a screen reader: "Selected letter". */
  readonly name: string;
  readonly title: ReactNode;
  /** What is chosen, so that a sheet takes the focus when it is another. */
  readonly of?: string;
  readonly mark?: { readonly kind: MarkKind; readonly label: string };
  readonly below?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const panel = useRef<HTMLElement>(null);
  useSheetFocus(panel, props.of);
  return (
    <aside className="panel" aria-label={props.name} ref={panel} tabIndex={-1}>
      <header className="p-h">
        <div className="p-t">
          {props.mark && <Mark {...props.mark} size={20} />}
          <h2>{props.title}</h2>
          <IconButton icon="x" name="Close the panel" onClick={props.onClose} />
        </div>
        {props.below && <div className="p-sub">{props.below}</div>}
      </header>
      {props.children}
    </aside>
  );
}

/** A sheet covers what was touched: the focus goes into it. Beside what it was chosen in, it stays where it is. */
function useSheetFocus(panel: RefObject<HTMLElement | null>, of: string | undefined): void {
  useEffect(() => {
    if (of !== undefined && matchMedia('(max-width: 760px)').matches) panel.current?.focus({ preventScroll: true });
  }, [panel, of]);
}

/** A line of a `dl.kv`: untrusted text, as text. A long name breaks behind a dot, not within a word. */
export function PanelEntry({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="mono">
        {value.split(/(?<=\.)/).map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place.
          <Fragment key={at}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </dd>
    </>
  );
}

export function PanelPart(props: {
  readonly title: string;
  /** A figure or a few words on the right. */
  readonly count?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="p-s">
      <h3>
        {props.title}
        {props.count !== undefined && <span className="count">{props.count}</span>}
      </h3>
      {props.children}
    </section>
  );
}
