import { keepPreviousData, useQuery as useAnswer } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { EdgeView, MapView } from '../../../src/contract/services.ts';
import {
  Button,
  clockTime,
  counted,
  Failed,
  get,
  Loading,
  Segmented,
  Strip,
  useKeys,
  useLive,
  useQuery,
  useTitle,
  withQuery,
} from '../parts/index.ts';
import { Checks, MapKey } from './checks.tsx';
import { Drawing } from './drawing.tsx';
import { EdgePanel } from './edge-panel.tsx';
import { EdgesTable } from './edges-table.tsx';
import { drawnEdges } from './layout/drawn-edges.ts';
import { edgeKey } from './layout/input.ts';
import { Playback, STEP_MS } from './playback.tsx';
import './map.css';

const SPANS = { live: 60, '1h': 3600, '24h': 86_400 } as const;
type Span = keyof typeof SPANS;

/**
 * The choreography as it runs. `?edge=PaymentCompleted/inventory` opens one edge; `span=1h` looks at the past hour; `at=` shows a
 * past moment; `form=table` is the same without the drawing.
 */
export default function MapScreen() {
  useTitle('Map');
  const [query, setQuery] = useQuery();
  const [path] = useLocation();
  const [playing, setPlaying] = useState(false);
  const span = query.get('span') === '1h' || query.get('span') === '24h' ? (query.get('span') as Span) : 'live';
  const at = momentOf(query.get('at'));
  const form = query.get('form') === 'table' ? 'table' : 'graph';
  const withInforming = query.get('informs') === '1';
  const selected = query.get('edge');
  const { view, error, retry } = useMap(span, at);
  const edge = view?.edges.find((candidate) => edgeKey(candidate) === selected);
  const hrefOf = (chosen: EdgeView) => withQuery(path, query, { edge: edgeKey(chosen) });
  const show = (moment: number | null) => {
    if (moment === null) setPlaying(false);
    setQuery({ at: moment === null ? null : new Date(moment).toISOString(), span: null }, { replace: at !== null });
  };
  useKeys('Map', [
    { key: '[', shown: ['['], says: 'earlier', run: () => show((at ?? Date.parse(view?.now ?? '')) - STEP_MS) },
    { key: ']', shown: [']'], says: 'later', run: () => at !== null && show(at + STEP_MS) },
    { key: 'l', shown: ['l'], says: 'live', run: () => show(null) },
    {
      key: 't',
      shown: ['t'],
      says: 'table or graph',
      run: () => setQuery({ form: form === 'table' ? null : 'table' }),
    },
    { key: 'Escape', shown: ['Esc'], says: 'close the panel, or go live', run: () => leave() },
  ]);
  const leave = () => (selected === null ? at !== null && show(null) : setQuery({ edge: null }));
  return (
    <div className="mapp">
      <header className="s-head">
        <h1>Map</h1>
        {view && <Facts view={view} />}
        <span className="spacer" />
        {view && (
          <Button
            look="toggle"
            aria-pressed={withInforming}
            title="Edges that only change what their reader knows"
            onClick={() => setQuery({ informs: withInforming ? null : '1' })}
          >
            {`Edges that only inform (${view.edges.filter(({ kind }) => kind === 'informs').length})`}
          </Button>
        )}
        <span className="vr wide-only" />
        <Segmented
          name="Span of time"
          options={[
            { value: 'live', label: 'Live' },
            { value: '1h', label: '1 h' },
            { value: '24h', label: '24 h' },
          ]}
          value={span}
          onChange={(value) => setQuery({ span: value === 'live' ? null : value, at: null })}
        />
        <Segmented
          name="Form"
          options={[
            { value: 'graph', label: 'Graph' },
            { value: 'table', label: 'Table' },
          ]}
          value={form}
          onChange={(value) => setQuery({ form: value === 'table' ? 'table' : null })}
        />
      </header>
      {view === undefined && error !== null && <Failed error={error} onRetry={retry} />}
      {view === undefined && error === null && <Loading what="the map" lines={8} />}
      {view && (
        <div className={edge ? 'stage with-panel' : 'stage'}>
          <div className="stage-main">
            {at !== null && (
              <Strip tone="caution" mark="timer">
                <b>As it was at {clockTime(at)}.</b> Rates and times are of the minute before.{' '}
                {view.notSeenBefore !== undefined && <NotSeen before={view.notSeenBefore} />}Nothing here can be acted
                on.
              </Strip>
            )}
            {form === 'table' ? (
              <EdgesTable view={view} withInforming={withInforming} selected={selected} hrefOf={hrefOf} />
            ) : (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
              <section className="map-s" tabIndex={0} aria-label="Map">
                <Drawing view={view} withInforming={withInforming} selected={selected} hrefOf={hrefOf} />
              </section>
            )}
            {span === 'live' && <Playback at={at} playing={playing} onMove={show} onPlay={setPlaying} />}
            <div className="map-f">
              {form === 'graph' && <MapKey />}
              <Checks checks={view.checks} />
            </div>
          </div>
          {edge && <EdgePanel edge={edge} past={at !== null} onClose={() => setQuery({ edge: null })} />}
        </div>
      )}
    </div>
  );
}

/** What the console saw of the services is in its memory alone. */
const NotSeen = ({ before }: { readonly before: string | null }) =>
  before === null
    ? 'How the services stood is not known yet. '
    : `How the services stood is known from ${clockTime(before)} on, since the console runs. `;

function Facts({ view: { choreography } }: { readonly view: MapView }) {
  const { services, events } = choreography;
  const unheard = events.filter(({ heardBy, terminal }) => heardBy.length === 0 && terminal === undefined);
  const heard =
    unheard.length === 0 ? 'every one heard or final' : `${counted(unheard.length, 'event')} that nobody hears`;
  return (
    <ul className="facts">
      <li>drawn from the reaction tables of this build</li>
      <li>{`${counted(services.length, 'service')}, ${counted(events.length, 'event')}, ${heard}`}</li>
    </ul>
  );
}

/** Live from the stream, other spans and moments by asking. What was shown stays until the next has come. */
function useMap(span: Span, at: number | null) {
  const live = useLive(span === 'live' && at === null ? 'map' : null);
  const asked = useAnswer({
    queryKey: ['map', span, at],
    queryFn: ({ signal }) => get<MapView>(`/api/map?${spanOf(span, at)}`, signal),
    enabled: live === undefined,
    placeholderData: keepPreviousData,
    staleTime: at === null ? 2_000 : Number.POSITIVE_INFINITY,
    ...(span !== 'live' && { refetchInterval: 10_000 }),
  });
  const view = live ?? asked.data;
  return {
    view: view && { ...view, edges: drawnEdges(view.choreography, view.edges) },
    error: asked.error,
    retry: () => void asked.refetch(),
  };
}

function spanOf(span: Span, at: number | null): string {
  if (at === null) return `window=${SPANS[span]}`;
  const [from, until] = [at - SPANS.live * 1000, at].map((moment) => new Date(moment).toISOString());
  return `from=${from}&until=${until}`;
}

function momentOf(text: string | null): number | null {
  const moment = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(moment) ? null : moment;
}
