import { Link } from 'wouter';
import type { RecordView } from '../../../src/contract/topics.ts';
import {
  CopyButton,
  Empty,
  fullMoment,
  Hex,
  LinkButton,
  Panel,
  PanelEntry,
  PanelPart,
  shortId,
} from '../parts/index.ts';
import { nameOf } from './filters.ts';

/** One record whole, as text: its content is somebody's, and nothing of it is trusted. */
export function RecordPanel(props: {
  readonly record: RecordView | undefined;
  readonly place: string;
  readonly onClose: () => void;
}) {
  const { record, place, onClose } = props;
  return (
    <Panel
      name="Selected record"
      title={nameOf(record?.type ?? null) ?? 'Record'}
      {...(record?.broken && { mark: { kind: 'dead' as const, label: 'not decoded' } })}
      below={
        <>
          <span className="mono tx3">{place}</span>
          <CopyButton text={place} name="the place of the record" />
        </>
      }
      onClose={onClose}
    >
      {record ? (
        <Whole record={record} />
      ) : (
        <Empty title="Not among what is shown" text="Look for it by its key, or further down the list." />
      )}
    </Panel>
  );
}

function Whole({ record }: { readonly record: RecordView }) {
  const { at, topic, partition, offset, key, type, eventId, sagaId, schemaId, payload, headers, broken } = record;
  return (
    <>
      {sagaId !== null && (
        <PanelPart title="Its saga">
          <p className="rc-saga">
            <Link
              className="mono lk"
              href={`/sagas/${encodeURIComponent(sagaId)}${eventId === null ? '' : `?event=${encodeURIComponent(eventId)}`}`}
            >
              {shortId(sagaId)}
            </Link>
            <CopyButton text={sagaId} name="the id of the order" />
            <LinkButton href={`/topics?view=records&key=${encodeURIComponent(sagaId)}`}>All its records</LinkButton>
          </p>
        </PanelPart>
      )}
      {broken !== null && (
        <PanelPart title="Why it could not be decoded" count={<span className="mono">{broken.code}</span>}>
          <p>{broken.message}</p>
          <Hex hex={broken.hex} />
        </PanelPart>
      )}
      {broken === null && (
        <PanelPart
          title="Content"
          count={<CopyButton text={JSON.stringify(payload, null, 2)} name="the content as JSON" />}
        >
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys. */}
          <section className="code" tabIndex={0} aria-label="Content">
            <pre>{JSON.stringify(payload, null, 2)}</pre>
          </section>
        </PanelPart>
      )}
      <PanelPart title="Where">
        <dl className="kv">
          <PanelEntry name="published" value={fullMoment(at)} />
          <PanelEntry name="topic" value={topic} />
          <PanelEntry name="partition, offset" value={`${partition}, ${offset}`} />
          <PanelEntry name="key" value={key ?? 'none'} />
          <PanelEntry name="event" value={type ?? 'none'} />
          <PanelEntry name="schema" value={schemaId === null ? 'none' : String(schemaId)} />
        </dl>
      </PanelPart>
      <PanelPart title="Headers" count={String(Object.keys(headers).length)}>
        <dl className="kv">
          {Object.entries(headers).map(([name, value]) => (
            <PanelEntry key={name} name={name} value={value} />
          ))}
        </dl>
      </PanelPart>
    </>
  );
}
