import { type ReactNode, useState } from 'react';
import type { ActResult } from '../../../../src/contract/work.ts';
import { sentenceOf } from '../server/api.ts';
import { operatorName } from '../server/kept.ts';
import { Strong } from '../words/strong.tsx';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Strip } from './states.tsx';

export interface Confirmed {
  readonly reason: string;
  readonly operator: string;
}

/**
 * Asks before an act: what it comes to, who acts, and why. The button names the act. The answer is shown in the dialog; a refusal leaves
 * it open, so that it can be tried again.
 */
export function Confirm(props: {
  readonly title: string;
  /** What it comes to, in a sentence. Names between ** and **. */
  readonly consequence: string;
  /** The button: act and number ("Replay 44"). */
  readonly label: string;
  readonly danger?: boolean;
  readonly needsReason?: boolean;
  /** A dry run, or further fields. */
  readonly children?: ReactNode;
  readonly wide?: boolean;
  /** While it is false the button is out of reach: the dry run has not answered. */
  readonly ready?: boolean;
  /** Resolves with what came of it; null closes the dialog without a word. */
  readonly onConfirm: (by: Confirmed) => Promise<ActResult | null>;
  readonly onClose: () => void;
}) {
  const { title, consequence, label, danger = false, needsReason = false, ready = true } = props;
  const [operator, setOperator] = useState(operatorName.get());
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<ActResult | null>(null);
  const over = result?.ok === true;
  const missing = operator.trim() === '' || (needsReason && reason.trim() === '');
  const act = async () => {
    setBusy(true);
    operatorName.set(operator.trim());
    const came = await props
      .onConfirm({ reason: reason.trim(), operator: operator.trim() })
      .catch((error: unknown) => ({ ok: false, sentence: sentenceOf(error), code: null }));
    setBusy(false);
    if (came === null) props.onClose();
    else setResult(came);
  };
  const foot = over ? (
    <Button look="primary big" autoFocus onClick={props.onClose}>
      Close
    </Button>
  ) : (
    <>
      <Button look="big" onClick={props.onClose}>
        Leave it
      </Button>
      <Button look={`primary big ${danger ? 'danger' : ''}`} disabled={busy || missing || !ready} onClick={act}>
        {busy ? 'Under way…' : label}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={props.onClose} foot={foot} wide={props.wide ?? false}>
      <p>
        <Strong text={consequence} />
      </p>
      {props.children}
      {!over && (
        <>
          <Field
            label="Operator"
            hint="Written down with the act."
            value={operator}
            onChange={setOperator}
            focus={operator === ''}
          />
          <Field
            label={needsReason ? 'Reason' : 'Reason, if there is one'}
            hint="For whoever reads the audit trail."
            value={reason}
            onChange={setReason}
            focus={operator !== ''}
          />
        </>
      )}
      {result && (
        <div role="status">
          <Strip tone={result.ok ? 'ok' : 'alarm'} mark={result.ok ? 'done' : 'away'}>
            <Strong text={result.sentence} />
            {result.code !== null && <span className="mono tx3"> {result.code}</span>}
          </Strip>
        </div>
      )}
    </Dialog>
  );
}

function Field(props: {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly focus: boolean;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="field">
      <span>{props.label}</span>
      <input
        value={props.value}
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: a dialog begins at what it asks for.
        autoFocus={props.focus}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <small>{props.hint}</small>
    </label>
  );
}
