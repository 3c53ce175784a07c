import type { Choreography } from '@troupe/choreography';
import { sagaOf } from '../../asking/lines.ts';
import { everywhere, servicePage } from '../../asking/service-page.ts';
import type { AskedService } from '../../asking/services.ts';
import type { DeadLetterDetail, DeadLetterPage, DeadLettersView, OperatorActView } from '../../contract/work.ts';
import { type SagaRowsParts, sagaRows } from '../saga-rows.ts';
import { hexDump } from './hex-dump.ts';
import type { ActPage, CausesPage, LetterPage, ListPage, WholeLetterPage } from './pages.ts';
import { actView, causeView, rowOfLetter } from './views.ts';

export interface DeadLetterParts extends SagaRowsParts {
  readonly services: readonly AskedService[];
  readonly choreography: Choreography;
}

/** Services know an event by its full name, people by its last part. */
export const fullNameOf = ({ events }: Choreography, type: string): string =>
  events.find(({ name }) => name === type)?.fullName ?? type;

/** What services write down of acts on dead letters. */
const ACTS = ['dead-letters.replay', 'dead-letters.discard'];
const ACTS_SHOWN = 20;

/** By cause, the largest first, of all services; and what was done about them. */
export async function deadLetterCauses({ services }: DeadLetterParts): Promise<DeadLettersView> {
  const missing = 'What it has set aside is not shown.';
  const [{ pages, gaps }, ...acts] = await Promise.all([
    everywhere<CausesPage>(services, '/dead-letters/causes', missing),
    // A service that does not answer is a gap once: it is the same for both.
    ...ACTS.map(async (act) => (await operatorActs(services, { act, limit: String(ACTS_SHOWN) })).acts),
  ]);
  const causes = pages.flatMap(({ service, page }) => page.items.map((cause) => causeView(service.name, cause)));
  const sum = (of: (page: CausesPage) => number): number => pages.reduce((all, { page }) => all + of(page), 0);
  return {
    causes: [...causes].sort((one, other) => other.count - one.count),
    open: causes.reduce((all, { count }) => all + count, 0),
    parked: causes.reduce((all, { parked }) => all + parked, 0),
    settled: { replayed: sum(({ settled }) => settled.replayed), discarded: sum(({ settled }) => settled.discarded) },
    acts: latestFirst(acts.flat()).slice(0, ACTS_SHOWN),
    gaps,
  };
}

/** A page of one service, each letter with its saga. @param query as the service takes it */
export async function deadLetterPage(
  parts: DeadLetterParts,
  service: AskedService,
  query: Readonly<Record<string, string>>,
): Promise<DeadLetterPage> {
  const page = await servicePage<ListPage<LetterPage>>(service, `/dead-letters?${new URLSearchParams(query)}`);
  const sagas = await sagaRows(
    parts,
    page.items.map(({ key }) => sagaOf(key)),
  );
  return {
    items: page.items.map((letter) => rowOfLetter(service.name, letter, sagas)),
    nextCursor: page.nextCursor,
  };
}

/** One letter, whole. */
export async function deadLetterDetail(
  parts: DeadLetterParts,
  service: AskedService,
  id: string,
): Promise<DeadLetterDetail> {
  const letter = await servicePage<WholeLetterPage>(service, `/dead-letters/${encodeURIComponent(id)}`);
  const sagas = await sagaRows(
    parts,
    [letter, ...letter.parked].map(({ key }) => sagaOf(key)),
  );
  const bytes = Buffer.from(letter.valueBase64 ?? '', 'base64');
  return {
    row: rowOfLetter(service.name, letter, sagas),
    headers: letter.headers,
    hex: hexDump(bytes),
    bytes: bytes.length,
    brokenAt: letter.notDecodedAt ?? null,
    decoded: letter.decoded ?? (letter.notDecoded === undefined ? null : { notDecoded: letter.notDecoded }),
    parkedBehind: letter.parked.map((parked) => rowOfLetter(service.name, parked, sagas)),
    acts: letter.acts.map((act) => actView(service.name, act)),
  };
}

/** What people did in all services, the latest first. */
export async function operatorActs(
  services: readonly AskedService[],
  query: Readonly<Record<string, string>>,
): Promise<{ readonly acts: readonly OperatorActView[]; readonly gaps: readonly string[] }> {
  const path = `/operator-acts?${new URLSearchParams(query)}`;
  const missing = 'What was done there is not shown.';
  const { pages, gaps } = await everywhere<ListPage<ActPage>>(services, path, missing);
  const acts = pages.flatMap(({ service, page }) => page.items.map((act) => actView(service.name, act)));
  return { acts: latestFirst(acts), gaps };
}

const latestFirst = (acts: readonly OperatorActView[]): readonly OperatorActView[] =>
  [...acts].sort((one, other) => other.at.localeCompare(one.at));
