import type { ReactNode } from 'react';
import type { SagaRow } from '../../../../src/contract/saga.ts';
import { Icon } from '../marks/icons.tsx';
import { Mark } from '../marks/mark.tsx';
import type { MarkKind } from '../marks/mark-kinds.ts';

export type Tone = 'alarm' | 'caution' | 'undo' | 'ok' | 'running' | '';

export function Badge(props: { readonly tone?: Tone; readonly mark?: MarkKind; readonly children: ReactNode }) {
  return (
    <span className={`badge ${props.tone ?? ''}`}>
      {props.mark && <Mark kind={props.mark} size={14} />}
      {props.children}
    </span>
  );
}

/** The state of a saga in a word, with its mark. */
export function StateBadge({
  saga,
}: {
  readonly saga: Pick<SagaRow, 'state' | 'outcome'> & { turningBack?: boolean };
}) {
  if (saga.state === 'stuck')
    return (
      <Badge tone="alarm" mark="overdue">
        Stuck
      </Badge>
    );
  if (saga.state === 'attention')
    return (
      <Badge tone="caution" mark="person">
        Waits for a person
      </Badge>
    );
  if (saga.state === 'running' && saga.turningBack)
    return (
      <Badge tone="undo" mark="undo-running">
        Turning back
      </Badge>
    );
  if (saga.state === 'running')
    return (
      <Badge tone="running" mark="running">
        Moving
      </Badge>
    );
  if (saga.outcome === 'cancelled')
    return (
      <Badge tone="undo" mark="undo-done">
        Cancelled
      </Badge>
    );
  return (
    <Badge tone="ok" mark="done">
      Confirmed
    </Badge>
  );
}

/** `name=value` of a filter, as it stands in the address. With `onRemove` it can be taken away. */
export function FilterChip(props: { readonly name: string; readonly value: string; readonly onRemove?: () => void }) {
  return (
    <span className={props.onRemove ? 'fchip' : 'fchip sm'}>
      <span className="mono">
        <span className="tx3">{props.name}=</span>
        {props.value}
      </span>
      {props.onRemove && (
        <button type="button" aria-label={`Remove ${props.name}=${props.value}`} onClick={props.onRemove}>
          <Icon name="x" />
        </button>
      )}
    </span>
  );
}

export const Tag = ({ children }: { readonly children: ReactNode }) => <span className="tag">{children}</span>;

export const Key = ({ children }: { readonly children: string }) => <kbd>{children}</kbd>;
