import type { Action } from '../../../../src/contract/diagnosis.ts';
import { Mark } from '../marks/mark.tsx';
import type { MarkKind } from '../marks/mark-kinds.ts';
import { Strong } from '../words/strong.tsx';
import { ActionButton } from './action.tsx';

/** The one thing that is to be known first: a sentence, what is known besides, and its remedy. */
export function Finding(props: {
  readonly tone: 'alarm' | 'caution' | 'undo' | 'ok' | 'running' | '';
  /** For a screen reader, which is told whenever it changes. Without: it reads "What is known" when it comes there. */
  readonly name?: string;
  readonly mark: { readonly kind: MarkKind; readonly label?: string };
  readonly sentence: string;
  readonly known: string;
  readonly actions: readonly Action[];
}) {
  return (
    <section className={`finding ${props.tone}`} aria-label={props.name ?? 'What is known'}>
      <Mark {...props.mark} size={30} />
      <div className="fi-t" {...(props.name !== undefined && { role: 'status' })}>
        <p className="fi-1">
          <Strong text={props.sentence} />
        </p>
        {props.known !== '' && (
          <p className="fi-2">
            <Strong text={props.known} />
          </p>
        )}
      </div>
      {props.actions.length > 0 && (
        <div className="fi-b">
          {props.actions.map((action, at) => (
            <ActionButton key={action.label} action={action} look={at === 0 ? 'primary big' : 'big'} />
          ))}
        </div>
      )}
    </section>
  );
}
