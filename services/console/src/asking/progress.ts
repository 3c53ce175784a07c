import type { ServiceAnswer } from '../saga/input.ts';
import { ask, untraced } from './json-page.ts';
import { setAsideOf, unpublishedOf, workOf } from './lines.ts';
import type { ServiceWatch } from './service-watch.ts';
import type { ProgressPage } from './status-page.ts';

const PATIENCE_MS = 1_500;
/** As many as the page of a service takes. */
const MOST_EVENTS = 200;

export interface Answers {
  readonly answers: readonly ServiceAnswer[];
  /** Who did not answer, in sentences for people. */
  readonly gaps: readonly string[];
}

/** Asks every service at once. Who is known to be away is not asked: its answer would be waited for in vain. */
export async function answersOf(
  services: readonly ServiceWatch[],
  sagaId: string,
  eventIds: readonly string[],
): Promise<Answers> {
  const ids = eventIds.slice(-MOST_EVENTS);
  const heard = await Promise.all(services.map((watch) => answerOf(watch, sagaId, ids)));
  return {
    answers: heard.flatMap((one) => (typeof one === 'string' ? [] : [one])),
    gaps: heard.flatMap((one) => (typeof one === 'string' ? [one] : [])),
  };
}

async function answerOf(
  { service: { name, url }, seen }: ServiceWatch,
  sagaId: string,
  ids: readonly string[],
): Promise<ServiceAnswer | string> {
  const missing = (why: string) =>
    `${name} does not answer (${why}): what it has taken in and what it holds is not shown.`;
  if (seen.standing === 'away') return missing(seen.reason ?? 'it is away');
  const heard = await ask(`${url}/progress/${sagaId}?events=${ids.join(',')}`, {
    withinMs: PATIENCE_MS,
    headers: untraced(),
  });
  if (heard.kind === 'no answer') return missing(heard.reason);
  if (heard.status !== 200) return missing(`it answers ${heard.status}`);
  return serviceAnswer(name, heard.body as ProgressPage, new Set(ids));
}

/** What a service cannot tell to be published may be known here to stand on its topic. */
export function serviceAnswer(service: string, page: ProgressPage, known: ReadonlySet<string>): ServiceAnswer {
  return {
    service,
    received: page.received,
    work: page.tasks.map((line) => workOf(service, line)),
    setAside: page.letters.map((line) => setAsideOf(service, line)),
    unpublished: page.unpublished.filter(({ eventId }) => !known.has(eventId)).map(unpublishedOf),
  };
}
