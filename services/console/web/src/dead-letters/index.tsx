import { useQuery as useAnswer } from '@tanstack/react-query';
import type { DeadLettersView } from '../../../src/contract/work.ts';
import {
  Ago,
  count,
  Empty,
  Failed,
  Gaps,
  get,
  LinkButton,
  Loading,
  Segmented,
  useKeys,
  useQuery,
  useTitle,
} from '../parts/index.ts';
import { Causes } from './causes.tsx';
import { LetterPanel } from './letter-panel.tsx';
import { Letters } from './letters.tsx';
import { Replays } from './replays.tsx';
import { Settled } from './settled.tsx';
import './dead-letters.css';

type Which = 'open' | 'settled' | 'replays';

/**
 * Messages that a service could not handle, by cause. `?cause=` opens one, `letter=` one of its letters; `service=` begins at the
 * first cause of a service; `view=settled` and `view=replays` are what was done.
 */
export default function DeadLetters() {
  useTitle('Dead letters');
  const [query, setQuery] = useQuery();
  const asked = useAnswer({
    queryKey: ['dead-letters'],
    queryFn: ({ signal }) => get<DeadLettersView>('/api/dead-letters', signal),
    refetchInterval: 2_000,
  });
  const view = asked.data;
  const named = query.get('view');
  const which: Which = named === 'settled' || named === 'replays' ? named : 'open';
  return (
    <div className="dead">
      <header className="s-head">
        <h1>Dead letters</h1>
        {view && <Facts view={view} />}
        <span className="spacer" />
        <Segmented<Which>
          name="Which"
          options={[
            { value: 'open', label: 'Open' },
            { value: 'settled', label: 'Settled' },
            { value: 'replays', label: 'Replays' },
          ]}
          value={which}
          onChange={(value) => setQuery({ view: value === 'open' ? null : value, letter: null })}
        />
      </header>
      {view === undefined && asked.isError && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {view === undefined && !asked.isError && <Loading what="the dead letters" lines={8} />}
      {view && <Gaps gaps={view.gaps} />}
      {view && which === 'open' && <Open view={view} />}
      {view && which === 'settled' && <Settled />}
      {view && which === 'replays' && <Replays view={view} />}
    </div>
  );
}

function Open({ view }: { readonly view: DeadLettersView }) {
  const [query, setQuery] = useQuery();
  const { causes } = view;
  const wanted = query.get('cause');
  const service = query.get('service');
  const cause =
    causes.find(({ key }) => key === wanted) ??
    causes.find((candidate) => candidate.service === service) ??
    (wanted === null ? causes[0] : undefined);
  const letter = query.get('letter');
  const step = (by: number) => {
    const next = causes[Math.min(Math.max((cause ? causes.indexOf(cause) : -1) + by, 0), causes.length - 1)];
    if (next) setQuery({ cause: next.key, letter: null }, { replace: true });
  };
  useKeys('Dead letters', [
    { key: 'ArrowDown', shown: ['↓'], says: 'next cause', run: () => step(1) },
    { key: 'ArrowUp', shown: ['↑'], says: 'cause before', run: () => step(-1) },
    {
      key: 'Escape',
      shown: ['Esc'],
      says: 'close the letter',
      run: () => letter !== null && setQuery({ letter: null }),
    },
  ]);
  if (causes.length === 0)
    return (
      <div className="pane">
        <Empty
          title="No dead letter"
          text="Every message that was read could be handled. One that cannot be is set aside here with its bytes, and its partition goes on. Try one: send a poison message."
        >
          <LinkButton href="/try">Send a poison message</LinkButton>
          <LinkButton look="quiet" href="/dead-letters?view=settled">
            What was settled
          </LinkButton>
        </Empty>
      </div>
    );
  return (
    <div className={letter === null ? 'stage two' : 'stage three'}>
      <Causes view={view} chosen={cause?.key ?? null} />
      {cause ? (
        <Letters key={cause.key} cause={cause} acts={view.acts} />
      ) : (
        <Empty title="Nothing is left of this cause" text="Its letters are settled, or they became others.">
          <LinkButton href="/dead-letters">{`The ${count(causes.length)} causes that are open`}</LinkButton>
          <LinkButton look="quiet" href="/dead-letters?view=settled">
            What was settled
          </LinkButton>
        </Empty>
      )}
      {cause && letter !== null && (
        <LetterPanel key={letter} service={cause.service} id={letter} onClose={() => setQuery({ letter: null })} />
      )}
    </div>
  );
}

function Facts({ view: { open, parked, causes } }: { readonly view: DeadLettersView }) {
  const oldest = causes.map(({ firstAt }) => firstAt).sort()[0];
  return (
    <ul className="facts">
      <li>
        <b className="num">{count(open)}</b> open
      </li>
      {parked > 0 && <li>{`${count(parked)} parked behind them`}</li>}
      {oldest !== undefined && (
        <li>
          oldest <Ago at={oldest} />
        </li>
      )}
    </ul>
  );
}
