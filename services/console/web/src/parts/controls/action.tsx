import type { ActAction, Action } from '../../../../src/contract/diagnosis.ts';
import type { ActResult } from '../../../../src/contract/work.ts';
import { post } from '../server/api.ts';
import { queries } from '../server/queries.ts';
import { Button, LinkButton } from './button.tsx';
import { Confirm } from './confirm.tsx';
import { openDialog } from './open-dialog.tsx';

/** A remedy as the server offers it: a way there, or an act that is asked about first. */
export function ActionButton({ action, look = '' }: { readonly action: Action; readonly look?: string }) {
  if (action.kind === 'link')
    return (
      <LinkButton href={action.href} look={look}>
        {action.label}
      </LinkButton>
    );
  return <ActButton action={action} look={look} />;
}

function ActButton({ action, look }: { readonly action: ActAction; readonly look: string }) {
  const label = action.label.replace(/…$/, '');
  const ask = () =>
    openDialog((close) => (
      <Confirm
        title={label}
        consequence={action.consequence}
        label={label}
        danger={action.danger}
        needsReason={action.needsReason}
        onConfirm={async (by) => {
          const result = await post<ActResult>(`/api/acts/${action.act}`, { params: action.params, ...by });
          await queries.invalidateQueries();
          return result;
        }}
        onClose={close}
      />
    ));
  return <Button look={`${look} ${action.danger ? 'danger' : ''}`} onClick={ask}>{`${label}…`}</Button>;
}
