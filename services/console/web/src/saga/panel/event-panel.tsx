import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SagaDetail, SagaEvent, Step } from '../../../../src/contract/index.ts';
import { figureOf } from '../../../../src/saga/words.ts';
import { Button, CopyButton, LinkButton, useCopied, withQuery } from '../../parts/index.ts';
import { Payload } from './payload.tsx';
import { Readers } from './readers.tsx';
import { SeamNumbers, SeamStrip } from './seam-strip.tsx';
import { shortened } from './short-ids.ts';
import { Why } from './why.tsx';

/** Everything about one event: why, who has handled it, how it came, what it carries, where it stands. */
export function EventPanel({
  detail,
  event,
  step,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly event: SagaEvent;
  readonly step: Step | undefined;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <>
      {step !== undefined && <Why detail={detail} step={step} onChoose={onChoose} />}
      <Readers detail={detail} event={event} onChoose={onChoose} />
      <Delivery detail={detail} event={event} />
      <section className="p-s">
        <h3>
          Payload
          <span className="count">{`${event.fullName}${event.schemaId > 0 ? ` · schema ${event.schemaId}` : ''}`}</span>
        </h3>
        {Object.keys(event.payload).length === 0 ? (
          <p className="tx3">It carries nothing, or is still in the outbox.</p>
        ) : (
          <Payload payload={event.payload} />
        )}
      </section>
      <Where event={event} />
      <Headers detail={detail} event={event} onChoose={onChoose} />
      <Links detail={detail} event={event} />
    </>
  );
}

/** How what it answers came to the service that said it. */
function Delivery({ detail, event }: { readonly detail: SagaDetail; readonly event: SagaEvent }) {
  const reading = detail.readings.find((one) => one.service === event.service && one.caused.includes(event.id));
  const cause = detail.events.find((one) => one.id === reading?.eventId);
  if (reading === undefined || cause === undefined) {
    return null;
  }
  return (
    <section className="p-s">
      <h3>
        Delivery
        <span className="count">{`${cause.type} to here, ${figureOf(Date.parse(event.at) - Date.parse(cause.at))}`}</span>
      </h3>
      <SeamStrip seams={reading.seams} width={286} />
      <SeamNumbers seams={reading.seams} />
    </section>
  );
}

function Where({ event }: { readonly event: SagaEvent }) {
  if (event.inOutbox === true) {
    return (
      <section className="p-s">
        <h3>Where</h3>
        <p className="tx2">{`In ${event.service}'s outbox. It is not on ${event.topic} yet.`}</p>
      </section>
    );
  }
  const offset = Number(event.offset).toLocaleString('en-US');
  return (
    <section className="p-s">
      <h3>Where</h3>
      <dl className="kv">
        <dt>topic</dt>
        <dd className="mono">
          <LinkText
            href={`/topics?topic=${encodeURIComponent(event.topic)}&key=${encodeURIComponent(event.key ?? '')}`}
          >
            {event.topic}
          </LinkText>
        </dd>
        <dt>partition, offset</dt>
        <dd className="mono">{`${event.partition}, ${offset}`}</dd>
        {event.again.map((place) => (
          <Again
            key={`${place.partition}/${place.offset}`}
            place={`${place.partition}, ${Number(place.offset).toLocaleString('en-US')}`}
          />
        ))}
        <dt>key</dt>
        <dd className="mono" title={event.key ?? undefined}>
          {shortened(event.key ?? '–')}
        </dd>
      </dl>
    </section>
  );
}

const Again = ({ place }: { readonly place: string }) => (
  <>
    <dt>and again</dt>
    <dd className="mono">{place}</dd>
  </>
);

const LinkText = ({ href, children }: { readonly href: string; readonly children: string }) => (
  <Link className="lk" href={href}>
    {children}
  </Link>
);

function Headers({
  detail,
  event,
  onChoose,
}: {
  readonly detail: SagaDetail;
  readonly event: SagaEvent;
  readonly onChoose: (id: string) => void;
}) {
  const entries = Object.entries(event.headers);
  if (entries.length === 0) {
    return null;
  }
  const cause = detail.steps.find((step) => step.eventId === event.causationId);
  return (
    <section className="p-s">
      <h3>Headers</h3>
      <dl className="kv">
        {entries.map(([name, value]) => (
          <HeaderRow key={name} name={name} whole={value}>
            {name === 'ce_causationid' && cause !== undefined ? (
              <button type="button" className="link" onClick={() => onChoose(cause.id)}>
                {shortened(value)}
              </button>
            ) : (
              shortened(value)
            )}
            {name === 'ce_id' && <CopyButton text={value} name="the event's id" />}
          </HeaderRow>
        ))}
      </dl>
    </section>
  );
}

const HeaderRow = (props: { readonly name: string; readonly whole: string; readonly children: ReactNode }) => (
  <>
    <dt>{props.name}</dt>
    <dd className="mono" title={props.whole}>
      {props.children}
    </dd>
  </>
);

function Links({ detail, event }: { readonly detail: SagaDetail; readonly event: SagaEvent }) {
  return (
    <div className="p-f">
      <LinkButton
        icon="trace"
        href={withQuery(location.pathname, new URLSearchParams(location.search), { view: 'trace' })}
      >
        Trace
      </LinkButton>
      {detail.links.jaeger !== null && <OutLink href={detail.links.jaeger}>Jaeger</OutLink>}
      {detail.links.kafkaUi !== null && <OutLink href={recordIn(detail.links.kafkaUi, event)}>Kafka UI</OutLink>}
      <CopyJson event={event} />
    </div>
  );
}

/** The record of an event, in a cluster of Kafka UI. */
function recordIn(cluster: string, { topic, partition, offset }: SagaEvent): string {
  const query = new URLSearchParams({ mode: 'FROM_OFFSET', offset, partitions: String(partition), limit: '1' });
  return `${cluster}/all-topics/${encodeURIComponent(topic)}/messages?${query}`;
}

const OutLink = ({ href, children }: { readonly href: string; readonly children: string }) =>
  /^https?:/.test(href) ? (
    <a className="btn" href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  ) : null;

function CopyJson({ event }: { readonly event: SagaEvent }) {
  const [copied, copy] = useCopied();
  return (
    <Button icon={copied ? 'check' : 'copy'} onClick={() => copy(JSON.stringify(event, null, 2))}>
      {copied ? 'Copied' : 'JSON'}
    </Button>
  );
}
