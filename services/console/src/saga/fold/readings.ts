import type { Reading, ReadingState, SagaEvent } from '../../contract/event.ts';
import type { HandledSpan, SentSpan } from '../input.ts';
import type { Look } from './look.ts';

type Known = Omit<Look, 'owings' | 'readings'>;

/** What each service that hears an event made of it. */
export function readingsOf(look: Known): readonly Reading[] {
  return look.events.flatMap((event) => readersOf(event, look).map((service) => readingOf(event, service, look)));
}

/** Who has a row for it in this style, and whoever says that it has taken it in. */
function readersOf(event: SagaEvent, { protocol, input }: Known): readonly string[] {
  const declared = protocol.duties(event.type).map(({ service }) => service);
  const takenIn = input.answers.filter(({ received }) => received.some(({ eventId }) => eventId === event.id));
  return [...new Set([...declared, ...takenIn.map(({ service }) => service)])];
}

function readingOf(event: SagaEvent, service: string, look: Known): Reading {
  const { input, now } = look;
  const until = new Date(now).toISOString();
  const answer = input.answers.find((other) => other.service === service);
  const received = answer?.received.find(({ eventId, at }) => eventId === event.id && at <= until);
  const spans = input.handled.filter(
    (span) => span.service === service && span.eventId === event.id && span.startedAt <= until,
  );
  const first = spans.find(({ outcome }) => outcome !== 'duplicate');
  const aside = look.setAside.find((one) => one.service === service && one.eventId === event.id);
  const duty = look.protocol.duties(event.type).find((other) => other.service === service);
  const caused = look.events.filter(
    (other) => other.causationId === event.id && other.service === service && (duty?.mayCause.has(other.type) ?? false),
  );
  const isWorking = look.work.some(
    (work) => work.service === service && work.causationId === event.id && work.kind === 'call',
  );
  const ignoredBecause = received?.ignoredBecause ?? (first?.outcome === 'ignored' ? first.reason : null);
  const isIn = received !== undefined || first !== undefined || isReadPast(event, service, look);
  const saysAtOnce = duty !== undefined && duty.calls.length === 0;
  const state: ReadingState =
    aside !== undefined
      ? aside.status === 'PARKED'
        ? 'parked'
        : 'dead'
      : caused.length > 0
        ? 'answered'
        : ignoredBecause !== null
          ? 'ignored'
          : isWorking
            ? 'working'
            : isIn
              ? 'noted'
              : 'waiting';
  const at = received?.at ?? first?.endedAt ?? (saysAtOnce ? (caused[0]?.at ?? null) : null);
  return {
    eventId: event.id,
    service,
    state,
    at: state === 'waiting' ? null : at,
    reason: aside?.message ?? aside?.code ?? ignoredBecause,
    caused: caused.map(({ id }) => id),
    seams: seamsOf(event, {
      state,
      at,
      span: first,
      sent: input.sent.find(({ eventId, topic }) => eventId === event.id && topic === event.topic),
      answeredAt: caused[0]?.at ?? null,
      now,
    }),
    duplicates: spans.filter(({ outcome }) => outcome === 'duplicate').map(({ endedAt }) => endedAt),
  };
}

/** Whether its group has gone past it, as the broker says: then it was taken in, or set aside. */
function isReadPast(
  { topic, partition, offset, inOutbox }: SagaEvent,
  service: string,
  { input, now }: Known,
): boolean {
  const position = input.facts.services[service]?.group.positions[`${topic}/${partition}`];
  // What the broker says holds for its own moment.
  if (inOutbox || position === undefined || Date.parse(input.facts.at) - now > LOOK_AGE_MS) return false;
  return BigInt(position.committed) > BigInt(offset);
}

const LOOK_AGE_MS = 5_000;

interface Times {
  readonly state: ReadingState;
  readonly at: string | null;
  readonly span: HandledSpan | undefined;
  readonly sent: SentSpan | undefined;
  readonly answeredAt: string | null;
  readonly now: number;
}

function seamsOf(event: SagaEvent, { state, at, span, sent, answeredAt, now }: Times): Reading['seams'] {
  const said = Date.parse(event.at);
  const published = Date.parse(event.publishedAt);
  const outboxMs = Math.max(0, published - said);
  if (event.inOutbox) return { outboxMs, brokerMs: null, waitMs: null, handlerMs: null };
  if (state === 'waiting') return { outboxMs, ...untilRead(published, sent, now), handlerMs: null };
  const begun = span === undefined ? at : span.startedAt;
  // An event that is said at once carries the moment at which its transaction began.
  const ended =
    answeredAt === null || (span !== undefined && span.endedAt > answeredAt) ? (span?.endedAt ?? at) : answeredAt;
  const over = state === 'working' ? new Date(now).toISOString() : ended;
  return {
    outboxMs,
    ...untilRead(published, sent, begun === null ? null : Date.parse(begun)),
    handlerMs:
      begun === null || over === null || (span === undefined && over === at)
        ? null
        : Math.max(0, Date.parse(over) - Date.parse(begun)),
  };
}

/**
 * Where its sending was not traced, the time in the broker is part of the wait. A reader may have the record before the relay has
 * the broker's word for it: then it could be read when that reader began.
 */
function untilRead(
  published: number,
  sent: SentSpan | undefined,
  begun: number | null,
): Pick<Reading['seams'], 'brokerMs' | 'waitMs'> {
  const acknowledged = sent === undefined ? published : Math.max(published, Date.parse(sent.endedAt));
  const readable = begun === null ? acknowledged : Math.max(published, Math.min(acknowledged, begun));
  return {
    brokerMs: sent === undefined ? null : readable - published,
    waitMs: begun === null ? null : Math.max(0, begun - readable),
  };
}
