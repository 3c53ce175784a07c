import { useMemo } from 'react';
import { useLocation, useParams } from 'wouter';
import type { SagaDetail } from '../../../../src/contract/index.ts';
import { ApiError, Empty, Failed, Key, LinkButton, Loading, Strip, useTitle } from '../../parts/index.ts';
import { asOf } from '../moment/as-of.ts';
import { useChoreography } from '../moment/use-choreography.ts';
import { useSaga } from '../moment/use-saga.ts';
import { useView, type ViewActions, type ViewState } from '../moment/use-view.ts';
import { ChosenPanel } from '../panel/panel.tsx';
import { OrchestratorLog } from '../protocol/log.tsx';
import { Protocol } from '../protocol/protocol.tsx';
import { RowsView } from '../rows/rows-view.tsx';
import { Raw } from '../views/raw.tsx';
import { StateView } from '../views/state.tsx';
import { Trace } from '../views/trace.tsx';
import { DiagnosisStrip } from './diagnosis.tsx';
import { Head } from './head.tsx';
import { LanesView } from './lanes-view.tsx';
import { Ledger } from './ledger.tsx';
import { useNarrow } from './use-narrow.ts';
import { useNeighbours } from './use-neighbours.ts';
import { useSagaKeys } from './use-saga-keys.ts';
import { ViewBar } from './view-bar.tsx';
import '../panel/panel.css';
import '../views/views.css';
import './saga.css';

/** `/sagas/<orderId>`: one saga whole. */
export function SagaScreen() {
  const { id = '' } = useParams<{ id: string }>();
  const { detail, error, retry } = useSaga(id);
  const [state, actions] = useView();
  const [, navigate] = useLocation();
  const neighbours = useNeighbours(id);
  const back = (): void => navigate(neighbours.list);
  useSagaKeys(detail, state, actions, { neighbours, back });
  useTitle(`Order ${id.slice(-8)}${detail === undefined ? '' : `, ${detail.outcome ?? detail.state}`}`);
  if (detail === undefined) {
    return error === null ? <Loading what="the saga" lines={9} /> : <NotShown id={id} error={error} retry={retry} />;
  }
  return <Shown detail={detail} state={state} actions={actions} neighbours={neighbours} onBack={back} />;
}

/** As it is now, or as it was at the moment that the slider shows. */
function Shown({
  detail,
  state,
  actions,
  neighbours,
  onBack,
}: {
  readonly detail: SagaDetail;
  readonly state: ViewState;
  readonly actions: ViewActions;
  readonly neighbours: ReturnType<typeof useNeighbours>;
  readonly onBack: () => void;
}) {
  const choreography = useChoreography(state.at !== null);
  const then = useMemo(
    () => (state.at === null ? null : asOf(detail, state.at, choreography)),
    [detail, state.at, choreography],
  );
  return (
    <div className="saga">
      <Head detail={detail} neighbours={neighbours} onBack={onBack} />
      <DiagnosisStrip detail={then ?? detail} isPast={then !== null} />
      {detail.gaps.length > 0 && (
        <div className="saga-gaps">
          <Strip tone="caution" mark="away">
            {detail.gaps.join(' ')}
          </Strip>
        </div>
      )}
      <Stage detail={detail} then={then} state={state} actions={actions} />
      <KeysLine />
    </div>
  );
}

function Stage({
  detail,
  then,
  state,
  actions,
}: {
  readonly detail: SagaDetail;
  readonly then: SagaDetail | null;
  readonly state: ViewState;
  readonly actions: ViewActions;
}) {
  const isNarrow = useNarrow();
  const shown = then ?? detail;
  const choose = (id: string | null): void => actions.choose(id);
  return (
    <div className={`stage saga-stage${state.event === null ? '' : ' with-panel'}`}>
      <div className="stage-main">
        <Ledger ledger={shown.ledger} />
        <ViewBar detail={detail} state={state} actions={actions} isNarrow={isNarrow} />
        {then !== null && state.view !== 'lanes' && (
          <div className="saga-gaps">
            <Strip mark="timer">
              A past moment is shown.{' '}
              <button type="button" className="link" onClick={() => actions.goTo(null)}>
                Show now
              </button>
            </Strip>
          </div>
        )}
        <div id="saga-view" role="tabpanel" aria-labelledby={`tab-${state.view}`}>
          {state.view === 'lanes' &&
            (isNarrow ? (
              <RowsView detail={shown} chosen={state.event} onChoose={choose} />
            ) : (
              <LanesView detail={detail} then={then} state={state} actions={actions} />
            ))}
          {state.view === 'list' && <RowsView detail={shown} chosen={state.event} onChoose={choose} />}
          {state.view === 'trace' && <Trace detail={detail} />}
          {state.view === 'state' && <StateView detail={shown} isPast={then !== null} onChoose={choose} />}
          {state.view === 'raw' && <Raw detail={detail} />}
        </div>
        <Protocol detail={shown} chosen={state.event} onChoose={choose} />
        {shown.log !== null && <OrchestratorLog log={shown.log} />}
      </div>
      {state.event !== null && <ChosenPanel detail={shown} chosen={state.event} onChoose={choose} />}
    </div>
  );
}

function NotShown({ id, error, retry }: { readonly id: string; readonly error: unknown; readonly retry: () => void }) {
  if (!(error instanceof ApiError) || error.status !== 404) {
    return <Failed error={error} onRetry={retry} />;
  }
  return (
    <Empty
      level={1}
      title="No saga of this order is known here"
      text="Its events have not arrived yet, or are older than what the console keeps. The id is the order's, as the 202 answer gives it."
      above={<span className="mono tx3">{id}</span>}
    >
      <LinkButton href="/sagas" icon="sagas">
        All sagas
      </LinkButton>
      <LinkButton href="/try" look="quiet" icon="try">
        Place an order
      </LinkButton>
    </Empty>
  );
}

const KeysLine = () => (
  <footer className="keys wide-only">
    {LINE.map(({ keys, says }) => (
      <span key={says}>
        {keys.map((key) => (
          <Key key={key}>{key}</Key>
        ))}
        {says}
      </span>
    ))}
  </footer>
);

const LINE = [
  { keys: ['Esc'], says: 'back' },
  { keys: ['←', '→'], says: 'event to event' },
  { keys: ['↑', '↓'], says: 'along causes' },
  { keys: ['j', 'k'], says: 'next saga' },
  { keys: ['[', ']'], says: 'earlier, later' },
  { keys: ['l'], says: 'live' },
  { keys: ['c'], says: 'copy link' },
  { keys: ['?'], says: 'all keys' },
];
