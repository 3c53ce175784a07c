import { Link } from 'wouter';
import type { SagaRow } from '../../../../src/contract/saga.ts';
import { Trail } from '../marks/trail.tsx';
import { shortId } from '../words/amount.ts';
import { Ago } from '../words/times.tsx';

/** Sagas in a panel: of each its id, its trail, and since when it stands so. */
export const PanelSagas = ({ sagas }: { readonly sagas: readonly SagaRow[] }) => (
  <ul className="here">
    {sagas.map(({ orderId, there, back, state, since }) => (
      <li key={orderId}>
        <Link className="mono lk-q" href={`/sagas/${encodeURIComponent(orderId)}`}>
          {shortId(orderId)}
        </Link>
        <Trail there={there} back={back} />
        <b className={state === 'stuck' ? 'num alarm-t' : 'num'}>
          <Ago at={since} />
        </b>
      </li>
    ))}
  </ul>
);
