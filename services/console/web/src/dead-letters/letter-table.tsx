import { Link, useLocation } from 'wouter';
import type { DeadLetterRow, ReplayView } from '../../../src/contract/work.ts';
import { Button, count, Mark, shortId, Table, Trail, useQuery, withQuery } from '../parts/index.ts';
import { letterName, outcomeWords, placeOf } from './words.ts';

type Item = ReplayView['items'][number];

export function LetterTable(props: {
  readonly letters: readonly DeadLetterRow[];
  /** Of a dry run, by letter. */
  readonly outcomes: ReadonlyMap<string, Item>;
  readonly isChosen: (id: string) => boolean;
  readonly onChoose: (id: string, on: boolean) => void;
  readonly more: number;
  readonly onMore: () => void;
}) {
  const { letters, outcomes, isChosen, onChoose, more, onMore } = props;
  const [path, navigate] = useLocation();
  const [query] = useQuery();
  const hrefOf = ({ id }: DeadLetterRow) => withQuery(path, query, { letter: id });
  return (
    <>
      <Table
        name="Letters of this cause"
        rows={letters}
        keyOf={({ id }) => id}
        selected={query.get('letter')}
        onOpen={(letter) => navigate(hrefOf(letter))}
        columns={[
          {
            head: <span className="vh">chosen</span>,
            cell: ({ id }) => (
              <input
                type="checkbox"
                aria-label={`Choose ${letterName(id)}`}
                checked={isChosen(id)}
                onClick={(event) => event.stopPropagation()}
                onChange={(event) => onChoose(id, event.target.checked)}
              />
            ),
          },
          {
            head: 'Letter',
            cell: (letter) => (
              <Link className="dl-l mono" href={hrefOf(letter)} onClick={(event) => event.stopPropagation()}>
                <Mark kind="dead" size={14} label={letter.status === 'QUARANTINED' ? 'in quarantine' : 'dead'} />
                {letterName(letter.id)}
              </Link>
            ),
          },
          { head: 'Offset', wide: true, cell: (letter) => <span className="mono tx3">{placeOf(letter)}</span> },
          { head: 'Order', cell: (letter) => <Order letter={letter} /> },
          {
            head: 'Its saga',
            cell: ({ saga }) => (saga === null ? <span className="tx3">none is known</span> : <Trail {...saga} />),
          },
          { head: 'A replay now', wrap: true, cell: ({ id }) => <Outcome item={outcomes.get(id)} /> },
        ]}
      />
      {more > 0 && (
        <p className="dl-more">
          <Button icon="down" look="quiet" onClick={onMore}>{`${count(more)} more`}</Button>
        </p>
      )}
    </>
  );
}

function Order({ letter: { saga, key } }: { readonly letter: DeadLetterRow }) {
  if (saga === null) return <span className="mono tx3">{key === null ? '–' : shortId(key)}</span>;
  return (
    <Link
      className="dl-l mono"
      href={`/sagas/${encodeURIComponent(saga.orderId)}`}
      onClick={(event) => event.stopPropagation()}
    >
      {shortId(saga.orderId)}
    </Link>
  );
}

function Outcome({ item }: { readonly item: Item | undefined }) {
  if (item === undefined || item.outcome === null) return <span className="tx3">not tried</span>;
  const { one, said, tone } = outcomeWords(item.outcome);
  return (
    <span className="tx2">
      <b className={tone === 'bad' ? 'alarm-t' : ''}>{one}</b>
      {`: ${item.reason ?? said}`}
    </span>
  );
}
