import type { Sql } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography/graph';
import type { Asking } from '../../asking/asking.ts';
import type { SagaDetail } from '../../contract/saga.ts';
import type { ServiceAnswer } from '../../saga/input.ts';
import { styleOf } from '../../saga/shop/order.ts';
import { whole } from '../../saga/whole.ts';
import { eventsOfSaga } from '../../store/saga-events.ts';
import type { Traced } from '../../tracing/trace-view.ts';
import { sagaLog } from './log.ts';

export interface SagaDetailParts {
  readonly sql: Sql;
  readonly choreography: Choreography;
  readonly asking: Pick<Asking, 'facts' | 'progress' | 'services'>;
  /** When its messages were sent and handled, as far as it was traced. */
  readonly tracedOf: (orderId: string) => Promise<Traced>;
  readonly links: {
    readonly jaegerUrl?: string | undefined;
    readonly kafkaUiUrl?: string | undefined;
    readonly kafkaUiCluster: string;
  };
  readonly now: () => number;
}

/** Spans are a help and no more: without them a saga is told as well. */
const SPANS_WITHIN_MS = 800;
const NOT_TRACED: Traced = { handled: [], sent: [] };

/**
 * Gathers what is known of a saga: what stands on the topics, and what the services say, all asked at once. Null: nobody knows
 * it. An order of a moment ago may be known to its service alone, which has it in its outbox.
 */
export async function sagaDetail(parts: SagaDetailParts, orderId: string): Promise<SagaDetail | null> {
  const { sql, choreography, asking, now } = parts;
  const events = await eventsOfSaga(sql, orderId);
  const ids = events.map(({ id }) => id);
  const mayBeOrchestrated = events.length === 0 || styleOf(events) === 'orchestrated';
  const [{ answers, gaps }, traced, log] = await Promise.all([
    asking.progress(orderId, ids),
    inTime(parts.tracedOf(orderId)),
    mayBeOrchestrated ? sagaLog(asking.services, choreography, orderId) : null,
  ]);
  if (events.length === 0 && log === null && !answers.some(knows)) return null;
  const facts = asking.facts();
  const traceId = events.find((event) => event.traceId !== null)?.traceId ?? null;
  return whole({
    orderId,
    choreography,
    events,
    answers,
    ...traced,
    facts,
    log,
    gaps,
    links: linksOf(parts.links, traceId),
    now: now(),
  });
}

const knows = ({ received, work, setAside, unpublished }: ServiceAnswer): boolean =>
  [received, work, setAside, unpublished].some((list) => list.length > 0);

async function inTime(spans: Promise<Traced>): Promise<Traced> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<Traced>((resolve) => {
    timer = setTimeout(resolve, SPANS_WITHIN_MS, NOT_TRACED);
  });
  try {
    return await Promise.race([spans.catch(() => NOT_TRACED), over]);
  } finally {
    clearTimeout(timer);
  }
}

function linksOf(
  { jaegerUrl, kafkaUiUrl, kafkaUiCluster }: SagaDetailParts['links'],
  traceId: string | null,
): SagaDetail['links'] {
  const base = (url: string): string => url.replace(/\/+$/, '');
  return {
    jaeger: jaegerUrl === undefined || traceId === null ? null : `${base(jaegerUrl)}/trace/${traceId}`,
    kafkaUi: kafkaUiUrl === undefined ? null : `${base(kafkaUiUrl)}/ui/clusters/${encodeURIComponent(kafkaUiCluster)}`,
  };
}
