import type { ReactNode } from 'react';
import { Mark } from '../marks/mark.tsx';
import type { MarkKind } from '../marks/mark-kinds.ts';
import { sentenceOf } from '../server/api.ts';
import { Button } from './button.tsx';

/** Nothing is here: says why, and the next act. */
export function Empty(props: {
  readonly title: ReactNode;
  /** 1: it is all that the screen has. */
  readonly level?: 1 | 2;
  readonly text?: ReactNode;
  readonly above?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
  readonly below?: ReactNode;
}) {
  const Heading = props.level === 1 ? 'h1' : 'h2';
  return (
    <div className="empty">
      {props.above}
      <Heading>{props.title}</Heading>
      {props.text && <p>{props.text}</p>}
      {props.children && <div className="btns-g">{props.children}</div>}
      {props.below}
    </div>
  );
}

/** It could not be asked for: what was wrong, and trying again. */
export function Failed({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <div role="alert">
      <Empty title="This could not be shown" text={sentenceOf(error)}>
        <Button icon="redo" onClick={onRetry}>
          Try again
        </Button>
      </Empty>
    </div>
  );
}

export function Loading({ what, lines = 5 }: { readonly what: string; readonly lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="vh">{`Loading ${what}`}</span>
      {Array.from({ length: lines }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: grey lines are alike.
        <i key={at} />
      ))}
    </div>
  );
}

/** A sentence about the state of something, with its mark. */
export function Strip(props: {
  readonly tone?: 'alarm' | 'caution' | 'undo' | 'ok' | '';
  readonly mark?: MarkKind;
  readonly children: ReactNode;
}) {
  return (
    <div className={`strip ${props.tone ?? ''}`}>
      {props.mark && <Mark kind={props.mark} size={18} />}
      <div>{props.children}</div>
    </div>
  );
}

/** How far something is that has a known end. */
export function Progress({ done, of, label }: { readonly done: number; readonly of: number; readonly label: string }) {
  const width = of === 0 ? 0 : Math.min(280, (done / of) * 280);
  return (
    <svg className="prog" width="280" height="6" viewBox="0 0 280 6" role="img" aria-label={label}>
      <rect width="280" height="6" rx="3" className="pr-bg" />
      <rect width={width} height="6" rx="3" className="pr-fg" />
    </svg>
  );
}

/** What could not be asked, a sentence each. */
export function Gaps({ gaps }: { readonly gaps: readonly string[] }) {
  if (gaps.length === 0) return null;
  return (
    <div className="gaps">
      {gaps.map((gap) => (
        <Strip key={gap} tone="caution" mark="away">
          {gap}
        </Strip>
      ))}
    </div>
  );
}
