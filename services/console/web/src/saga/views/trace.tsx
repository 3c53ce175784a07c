import { useQuery as useAnswer } from '@tanstack/react-query';
import { useState } from 'react';
import type { SagaDetail, SpanView, TraceView } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { Empty, Failed, get, Id, Loading, ServiceSquare } from '../../parts/index.ts';
import { type TraceRow, traceRows } from './trace-rows.ts';

/** The trace as a waterfall: who worked when, and for how long. */
export function Trace({ detail }: { readonly detail: SagaDetail }) {
  const path = `/api/sagas/${encodeURIComponent(detail.orderId)}/trace`;
  const { data, error, refetch } = useAnswer({
    queryKey: ['trace', detail.orderId],
    queryFn: ({ signal }) => get<TraceView>(path, signal),
  });
  if (error !== null && data === undefined) {
    return <Failed error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) {
    return <Loading what="the trace" />;
  }
  if (data.spans.length === 0) {
    return (
      <Empty
        title="No span of this saga is here"
        text={data.note === '' ? 'Its spans have not arrived, or are older than what the console keeps.' : data.note}
        below={detail.traceId === null ? null : <Id id={detail.traceId} name="the trace's id" short={false} />}
      />
    );
  }
  return <Waterfall trace={data} />;
}

function Waterfall({ trace }: { readonly trace: TraceView }) {
  const [open, setOpen] = useState<string | null>(null);
  const { rows, totalUs } = traceRows(trace.spans);
  const services = [...new Set(trace.spans.map((span) => span.service))];
  return (
    <section className="trace" aria-label="Trace">
      <header className="trace-h">
        <span>
          {`${trace.spans.length} spans of ${services.length} ${services.length === 1 ? 'service' : 'services'}, ${lengthOf(totalUs)}`}
        </span>
        {trace.note !== '' && <span className="tx3">{trace.note}</span>}
        <span className="spacer" />
        {trace.traceId !== null && <Id id={trace.traceId} name="the trace's id" />}
      </header>
      <div className="trace-x" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75].map((share) => (
          <span key={share}>{share === 0 ? '0' : `+${lengthOf(totalUs * share)}`}</span>
        ))}
      </div>
      <ol>
        {rows.map((row) => (
          <SpanRow
            key={row.span.id}
            row={row}
            totalUs={totalUs}
            isOpen={row.span.id === open}
            onOpen={() => setOpen(row.span.id === open ? null : row.span.id)}
          />
        ))}
      </ol>
    </section>
  );
}

const WIDE = 1000;

function SpanRow(props: {
  readonly row: TraceRow;
  readonly totalUs: number;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}) {
  const { span, depth } = props.row;
  const x = (span.startUs / props.totalUs) * WIDE;
  const width = Math.max(3, (span.durationUs / props.totalUs) * WIDE);
  return (
    <li className={span.failed ? 'failed' : ''}>
      <button type="button" aria-expanded={props.isOpen} onClick={props.onOpen}>
        <span className="trace-n" style={{ paddingLeft: Math.min(depth, 12) * 12 }}>
          <ServiceSquare name={span.service} label={span.service} />
          <span className="trace-t">{span.name}</span>
        </span>
        <svg className="trace-b" viewBox={`0 0 ${WIDE} 12`} preserveAspectRatio="none" aria-hidden="true">
          <rect x={0} y={5.5} width={WIDE} height={1} className="trace-l" />
          <rect x={x} y={1} width={width} height={10} className={`span ${KINDS[span.kind.toLowerCase()] ?? 'work'}`} />
        </svg>
        <span className="num trace-d">
          {span.failed && <b className="alarm-t">failed </b>}
          {lengthOf(span.durationUs)}
        </span>
      </button>
      {props.isOpen && <Attributes span={span} />}
    </li>
  );
}

/** Sending and taking are ways of waiting; the rest is work. */
const KINDS: Readonly<Record<string, string>> = {
  producer: 'producer',
  consumer: 'work',
  client: 'client',
  server: 'work',
  internal: 'work',
};

const Attributes = ({ span }: { readonly span: SpanView }) => (
  <dl className="kv trace-a">
    <dt>starts</dt>
    <dd className="num">+{lengthOf(span.startUs)}</dd>
    <dt>kind</dt>
    <dd>{span.kind}</dd>
    {Object.entries(span.attributes).flatMap(([name, value]) => [
      <dt key={`${name}/name`} className="mono">
        {name}
      </dt>,
      <dd key={`${name}/value`} className="mono">
        {value}
      </dd>,
    ])}
  </dl>
);

/** Spans are short: below ten milliseconds their tenths tell them apart. */
const lengthOf = (us: number): string => (us < 10_000 ? `${Number((us / 1000).toFixed(1))} ms` : figureOf(us / 1000));
