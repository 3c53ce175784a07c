import { useQuery as useAnswer } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { ServicesView } from '../../../src/contract/services.ts';
import type { DeadLetterPage } from '../../../src/contract/work.ts';
import {
  Empty,
  Failed,
  get,
  LinkButton,
  Loading,
  Mark,
  Moment,
  ServiceBadge,
  shortId,
  Table,
  Trail,
  useLive,
  useQuery,
} from '../parts/index.ts';
import { LetterPanel } from './letter-panel.tsx';
import { eventName, letterName, placeOf } from './words.ts';

/** What is settled: handled after a replay, or discarded. Services keep it for thirty days. */
export function Settled() {
  const [query, setQuery] = useQuery();
  const services = useServiceNames();
  const service = query.get('service') ?? '';
  const asked = useAnswer({
    queryKey: ['dead-letters', 'settled', services],
    queryFn: async ({ signal }) => {
      const pages = await Promise.allSettled(
        services.map((name) => get<DeadLetterPage>(`/api/dead-letters/${name}?status=HANDLED,DISCARDED`, signal)),
      );
      return pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.items : []));
    },
    enabled: services.length > 0,
  });
  const letter = query.get('letter');
  const rows = (asked.data ?? [])
    .filter((row) => service === '' || row.service === service)
    .sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
  if (asked.isError) return <Failed error={asked.error} onRetry={() => void asked.refetch()} />;
  if (asked.data === undefined) return <Loading what="what is settled" />;
  if (rows.length === 0)
    return (
      <div className="pane">
        <Empty
          title="Nothing is settled yet"
          text="A dead letter that was replayed or discarded stands here for thirty days."
        >
          <LinkButton href="/dead-letters">What is open</LinkButton>
        </Empty>
      </div>
    );
  return (
    <div className={letter === null ? 'stage' : 'stage with-panel'}>
      <Table
        name="Settled letters"
        rows={rows}
        keyOf={({ id }) => id}
        selected={letter}
        onOpen={(row) => setQuery({ letter: row.id, service: row.service })}
        columns={[
          {
            head: 'Letter',
            cell: (row) => (
              <Link
                className="dl-l mono"
                href={`/dead-letters?view=settled&service=${row.service}&letter=${row.id}`}
                onClick={(event) => event.stopPropagation()}
              >
                <Mark kind={row.status === 'HANDLED' ? 'done' : 'skipped'} size={14} />
                {letterName(row.id)}
              </Link>
            ),
          },
          { head: 'Came to', cell: ({ status }) => (status === 'HANDLED' ? 'replayed' : 'discarded') },
          { head: 'At', cell: (row) => <ServiceBadge name={row.service} /> },
          { head: 'Event', cell: ({ eventType }) => eventName(eventType) },
          { head: 'Cause', cell: ({ code }) => <span className="mono">{code}</span> },
          { head: 'Offset', cell: (row) => <span className="mono tx3">{placeOf(row)}</span> },
          {
            head: 'Order',
            cell: ({ saga, key }) =>
              saga === null ? (
                <span className="mono tx3">{key === null ? '–' : shortId(key)}</span>
              ) : (
                <Link
                  className="dl-l mono"
                  href={`/sagas/${saga.orderId}`}
                  onClick={(event) => event.stopPropagation()}
                >
                  {shortId(saga.orderId)}
                </Link>
              ),
          },
          { head: 'Its saga', cell: ({ saga }) => saga && <Trail there={saga.there} back={saga.back} /> },
          { head: 'Set aside', right: true, cell: ({ receivedAt }) => <Moment at={receivedAt} /> },
        ]}
      />
      {letter !== null && service !== '' && (
        <LetterPanel
          key={letter}
          service={service}
          id={letter}
          onClose={() => setQuery({ letter: null, service: null })}
        />
      )}
    </div>
  );
}

function useServiceNames(): readonly string[] {
  const live = useLive('services');
  const asked = useAnswer({
    queryKey: ['services'],
    queryFn: ({ signal }) => get<ServicesView>('/api/services', signal),
    enabled: live === undefined,
  });
  return ((live ?? asked.data)?.services ?? []).map(({ name }) => name).sort();
}
