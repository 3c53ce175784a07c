import { useQuery as useAnswer } from '@tanstack/react-query';
import type { DeadLetterDetail, DeadLetterRow } from '../../../src/contract/work.ts';
import {
  Button,
  CopyButton,
  count,
  counted,
  Failed,
  get,
  Loading,
  Moment,
  openDialog,
  Panel,
  PanelEntry,
  PanelPart,
  PanelSagas,
  Strong,
  useQuery,
} from '../parts/index.ts';
import { ActList } from './audit.tsx';
import { Bytes } from './bytes.tsx';
import { Discard } from './discard.tsx';
import { Replay } from './replay.tsx';
import { eventName, letterName, placeOf } from './words.ts';

/** One letter whole: why it is here, its saga, its bytes, and where it came from. Its content is somebody's: nothing of it is trusted. */
export function LetterPanel(props: { readonly service: string; readonly id: string; readonly onClose: () => void }) {
  const { service, id, onClose } = props;
  const asked = useAnswer({
    queryKey: ['dead-letters', service, 'one', id],
    queryFn: ({ signal }) =>
      get<DeadLetterDetail>(`/api/dead-letters/${encodeURIComponent(service)}/${encodeURIComponent(id)}`, signal),
    refetchInterval: 5_000,
  });
  const row = asked.data?.row;
  return (
    <Panel
      name="Selected letter"
      title={row ? eventName(row.eventType) : 'Letter'}
      mark={{ kind: 'dead', label: row?.status.toLowerCase() ?? 'dead letter' }}
      below={
        <>
          <span className="mono tx3">{letterName(id)}</span>
          <CopyButton text={id} name="the id of the letter" />
          {row && <Moment at={row.receivedAt} />}
          {row && <span className="tx3">{counted(row.replays, 'replay')}</span>}
        </>
      }
      onClose={onClose}
    >
      {asked.isPending && <Loading what="the letter" />}
      {asked.isError && !asked.data && <Failed error={asked.error} onRetry={() => void asked.refetch()} />}
      {asked.data && <Detail detail={asked.data} />}
    </Panel>
  );
}

function Detail({ detail }: { readonly detail: DeadLetterDetail }) {
  const { row, parkedBehind, headers, decoded, acts } = detail;
  return (
    <>
      <PanelPart title="Why it is here" count={row.code !== null && <span className="mono">{row.code}</span>}>
        <p className="dl-err">{row.message ?? 'Nothing is known of why.'}</p>
      </PanelPart>
      {row.saga && <SagaNow row={row} />}
      <Acts row={row} />
      {parkedBehind.length > 0 && (
        <PanelPart title="Parked behind it" count={count(parkedBehind.length)}>
          <ul className="dl-parked">
            {parkedBehind.map((parked) => (
              <li key={parked.id}>
                <span>{eventName(parked.eventType)}</span>
                <span className="mono tx3">{placeOf(parked)}</span>
              </li>
            ))}
          </ul>
        </PanelPart>
      )}
      <Bytes detail={detail} />
      {decoded !== null && decoded !== undefined && (
        <PanelPart title="Decoded">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
          <section className="code" tabIndex={0} aria-label="Decoded content">
            <pre>{JSON.stringify(decoded, null, 2)}</pre>
          </section>
        </PanelPart>
      )}
      <PanelPart title="Where from">
        <dl className="kv">
          <PanelEntry name="topic" value={row.topic} />
          <PanelEntry name="partition, offset" value={`${row.partition}, ${row.offset}`} />
          <PanelEntry name="key" value={row.key ?? 'none'} />
          {Object.entries(headers).map(([name, value]) => (
            <PanelEntry key={name} name={name} value={value} />
          ))}
        </dl>
      </PanelPart>
      {acts.length > 0 && (
        <PanelPart title="What was done about it">
          <ActList acts={acts} />
        </PanelPart>
      )}
    </>
  );
}

function SagaNow({ row: { saga } }: { readonly row: DeadLetterRow }) {
  if (saga === null) return null;
  return (
    <PanelPart title="Its saga now">
      <PanelSagas sagas={[saga]} />
      <p className="tx2">
        <Strong text={saga.standsAt} />
      </p>
    </PanelPart>
  );
}

const SETTLED = ['HANDLED', 'DISCARDED'];

function Acts({ row }: { readonly row: DeadLetterRow }) {
  const [, setQuery] = useQuery();
  const { service, status, id } = row;
  if (SETTLED.includes(status))
    return (
      <PanelPart title="Settled">
        <p>
          {status === 'HANDLED' ? 'It was handled. Nothing is left to do.' : 'It was discarded: it never takes effect.'}
        </p>
      </PanelPart>
    );
  if (status === 'PARKED')
    return (
      <PanelPart title="It only waits">
        <p>It waits behind an earlier letter of its key: settle that one, and this follows by itself.</p>
      </PanelPart>
    );
  const selection = { service, many: 1, body: { ids: [id] }, quarantined: status === 'QUARANTINED' };
  const replay = () =>
    openDialog((close) => (
      <Replay selection={selection} onStarted={(started) => setQuery({ replay: started })} onClose={close} />
    ));
  const discard = () => openDialog((close) => <Discard service={service} ids={[id]} onClose={close} />);
  return (
    <PanelPart title="What can be done">
      <p className="tx2">
        A replay handles it again, once. Discarded it never takes effect.
        {status === 'QUARANTINED' && ' It came back from too many replays: remove the cause first.'}
      </p>
      <p className="dl-b">
        <Button icon="redo" look="primary" onClick={replay}>
          Replay this one…
        </Button>
        <Button look="danger" onClick={discard}>
          Discard…
        </Button>
      </p>
    </PanelPart>
  );
}
