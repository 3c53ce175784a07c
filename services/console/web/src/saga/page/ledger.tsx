import type { Ledger as LedgerView, Money } from '../../../../src/contract/index.ts';
import { Mark, type MarkKind, money } from '../../parts/index.ts';

const VERDICT_MARKS: Readonly<Record<LedgerView['verdict']['tone'], MarkKind>> = {
  ok: 'done',
  running: 'running',
  caution: 'person',
  alarm: 'overdue',
};

/** Money and stock of the order: there, back, and what remains. */
export function Ledger({ ledger }: { readonly ledger: LedgerView }) {
  const reserved =
    ledger.reserved === null
      ? null
      : ledger.reserved < ledger.wanted
        ? `${ledger.reserved} of ${ledger.wanted}`
        : String(ledger.reserved);
  const isShort = ledger.reserved !== null && ledger.reserved < ledger.wanted && ledger.verdict.tone !== 'ok';
  return (
    <section className="ledger" aria-label="Money and stock">
      <div className="led">
        <h2>Money</h2>
        <Cell name="charged" way="there" value={moneyOf(ledger.charged)} />
        <Cell
          name="refunded"
          way="back"
          value={moneyOf(ledger.refunded)}
          look={isMore(ledger.refunded) ? 'undo' : ''}
        />
        <Cell name="held" value={moneyOf(ledger.held)} look="sum" />
      </div>
      <div className="led">
        <h2>Stock</h2>
        <Cell name="reserved" way="there" value={reserved} look={isShort ? 'late' : ''} />
        <Cell
          name="released"
          way="back"
          value={ledger.released === null ? null : String(ledger.released)}
          look={ledger.released ? 'undo' : ''}
        />
        <Cell name="shipped" value={ledger.shipped === null ? null : String(ledger.shipped)} />
      </div>
      <div className={`led verdict ${ledger.verdict.tone}`}>
        <Mark kind={VERDICT_MARKS[ledger.verdict.tone]} />
        <span>{ledger.verdict.text}</span>
      </div>
    </section>
  );
}

const moneyOf = (amount: Money | null): string | null => (amount === null ? null : money(amount));
const isMore = (amount: Money | null): boolean => amount !== null && amount.amount > 0;

function Cell(props: {
  readonly name: string;
  readonly way?: 'there' | 'back';
  readonly value: string | null;
  readonly look?: string;
}) {
  return (
    <dl className={`cell ${props.look ?? ''} ${props.value === null ? 'nil' : ''}`}>
      <dt>
        {props.way && (
          <span className={`dir ${props.way}`} aria-hidden="true">
            {props.way === 'there' ? '→' : '←'}
          </span>
        )}
        {props.name}
      </dt>
      <dd>{props.value ?? '–'}</dd>
    </dl>
  );
}
