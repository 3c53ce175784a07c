import { useState } from 'react';
import type { RecordView, TopicsView } from '../../../src/contract/topics.ts';
import { Button, Empty, Failed, Loading, useLiveStatus, useQuery } from '../parts/index.ts';
import { FILTER_WORDS, type FilterName, filterOf, placeOf } from './filters.ts';
import { RecordList } from './record-list.tsx';
import { RecordPanel } from './record-panel.tsx';
import { SearchFields } from './search-fields.tsx';
import { useRecords } from './use-records.ts';
import { useTail } from './use-tail.ts';

/** The records of some topics, newest first; searched, or followed as they come. */
export function Records({ view }: { readonly view: TopicsView }) {
  const [query, setQuery] = useQuery();
  const events = view.topics.filter(({ kind }) => kind === 'events').map(({ name }) => name);
  const topics =
    query
      .get('topic')
      ?.split(',')
      .filter((name) => name !== '') ?? events;
  const filter = filterOf(query);
  const tail = query.get('tail') === '1';
  const [held, setHeld] = useState(false);
  const found = useRecords(topics, filter);
  const newer = useTail(tail ? topics : null, filter, held);
  const records = joined(newer.records, found.records);
  const chosen = query.get('record');
  const open = (record: RecordView) => setQuery({ record: placeOf(record) });
  const { state } = useLiveStatus();
  return (
    <div className={chosen === null ? 'stage' : 'stage with-panel'}>
      <div className="rc">
        <SearchFields view={view} topics={topics} filter={filter} tail={tail} />
        {tail && (
          <p className="rc-tail" role="status">
            <span className="tx2">
              {state === 'live'
                ? held
                  ? 'Held while you read.'
                  : 'New records come in at the top.'
                : 'The stream is away; it goes on by itself.'}
              {newer.skipped > 0 && ` ${newer.skipped} were too many to show.`}
            </span>
            {newer.waiting > 0 && (
              <Button icon="up" look="pill" onClick={newer.show}>{`${newer.waiting} newer, show`}</Button>
            )}
          </p>
        )}
        {found.isPending && <Loading what="the records" lines={8} />}
        {found.error !== null && records.length === 0 && <Failed error={found.error} onRetry={found.retry} />}
        {!found.isPending && found.error === null && records.length === 0 && <Nothing />}
        {records.length > 0 && (
          <RecordList
            records={records}
            chosen={chosen}
            onOpen={open}
            onHold={setHeld}
            onEnd={found.more}
            hasMore={found.hasMore}
          />
        )}
      </div>
      {chosen !== null && (
        <RecordPanel
          record={records.find((record) => placeOf(record) === chosen)}
          place={chosen}
          onClose={() => setQuery({ record: null })}
        />
      )}
    </div>
  );
}

/** Newer ones first, each once: what came with the tail may be found by asking, too. */
function joined(newer: readonly RecordView[], found: readonly RecordView[]): readonly RecordView[] {
  if (newer.length === 0) return found;
  const places = new Set(newer.map(placeOf));
  return [...newer, ...found.filter((record) => !places.has(placeOf(record)))];
}

function Nothing() {
  const [query, setQuery] = useQuery();
  const names = Object.keys(filterOf(query)) as FilterName[];
  if (names.length === 0)
    return (
      <Empty
        title="No record yet"
        text="What the services say stands here as soon as it is said. Place an order, or wait for one."
      />
    );
  return (
    <Empty
      title="No record like that"
      text="None of what the console keeps matches. What is older than its retention is in the topics still."
    >
      {names.map((name) => (
        <Button key={name} onClick={() => setQuery({ [name]: null })}>
          {`Drop ${FILTER_WORDS[name].label.toLowerCase()}`}
        </Button>
      ))}
    </Empty>
  );
}
