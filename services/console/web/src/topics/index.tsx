import { useQuery as useAnswer } from '@tanstack/react-query';
import type { TopicsView } from '../../../src/contract/topics.ts';
import { count, counted, Failed, get, Loading, Segmented, useKeys, useQuery, useTitle } from '../parts/index.ts';
import { Groups } from './groups.tsx';
import { Records } from './records.tsx';
import { Schemas } from './schemas.tsx';
import { TopicTable } from './topic-table.tsx';
import './topics.css';

type View = 'topics' | 'records' | 'groups' | 'schemas';

/**
 * What stands in the topics. `?topic=order.events,payment.events` shows their records, `key=`, `type=`, `header=` and `q=` search in
 * them, `tail=1` follows them; `view=groups` who reads what, `view=schemas` in which versions.
 */
export default function Topics() {
  useTitle('Topics');
  const [query, setQuery] = useQuery();
  const asked = useAnswer({
    queryKey: ['topics'],
    queryFn: ({ signal }) => get<TopicsView>('/api/topics', signal),
    refetchInterval: 2_000,
  });
  const view = asked.data;
  const shown = viewOf(query);
  useKeys('Topics', [
    { key: 'r', shown: ['r'], says: 'records', run: () => setQuery({ view: 'records' }) },
    { key: 'Escape', shown: ['Esc'], says: 'back to the topics', run: () => leave() },
  ]);
  const leave = () => {
    if (query.has('record')) setQuery({ record: null });
    else if (shown !== 'topics')
      setQuery({ view: null, topic: null, key: null, type: null, header: null, q: null, tail: null });
  };
  return (
    <div className="topics">
      <header className="s-head">
        <h1>Topics</h1>
        {view && <Facts view={view} />}
        <span className="spacer" />
        <Segmented<View>
          name="View"
          options={[
            { value: 'topics', label: 'Topics' },
            { value: 'records', label: 'Records' },
            { value: 'groups', label: 'Groups' },
            { value: 'schemas', label: 'Schemas' },
          ]}
          value={shown}
          onChange={(value) =>
            setQuery({
              view: value === 'topics' ? null : value,
              record: null,
              ...(value !== 'records' && { topic: null, tail: null }),
            })
          }
        />
      </header>
      {view === undefined && asked.isError && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {view === undefined && !asked.isError && <Loading what="the topics" lines={8} />}
      {view && shown === 'topics' && <TopicTable view={view} />}
      {view && shown === 'records' && <Records view={view} />}
      {view && shown === 'groups' && <Groups groups={view.groups} />}
      {view && shown === 'schemas' && <Schemas topics={view.topics} />}
    </div>
  );
}

function viewOf(query: URLSearchParams): View {
  const named = query.get('view');
  if (named === 'groups' || named === 'schemas' || named === 'records') return named;
  return query.has('topic') ? 'records' : 'topics';
}

function Facts({ view: { topics, groups } }: { readonly view: TopicsView }) {
  const partitions = topics.reduce((sum, topic) => sum + topic.partitions.length, 0);
  const records = topics.reduce((sum, topic) => sum + topic.records, 0);
  return (
    <ul className="facts">
      <li>{`${counted(topics.length, 'topic')}, ${counted(partitions, 'partition')}`}</li>
      <li>{`${count(records)} records`}</li>
      <li>{counted(groups.length, 'group')}</li>
    </ul>
  );
}
