import { randomUUID } from 'node:crypto';
import { servicePage } from '../../asking/service-page.ts';
import type { AskedService } from '../../asking/services.ts';
import type { ReplayView } from '../../contract/work.ts';
import type { ListPage, RehearsalPage, ReplayedPage, ReplayPage } from './pages.ts';
import { rehearsalView, replayView } from './views.ts';

/** A dry run handles the messages, and rolls back: it takes as long as they do. */
const PATIENCE_MS = 25_000;
/** Of a replay, the messages that are shown at once. */
const SHOWN = 100;

export interface ReplayRequest {
  readonly body: Readonly<Record<string, unknown>>;
  readonly operator: string;
  readonly idempotencyKey: string | undefined;
}

/** Has dead letters handled again, or only tells what that would come to. */
export async function startReplay(
  service: AskedService,
  { body, operator, idempotencyKey }: ReplayRequest,
  now: () => number,
): Promise<ReplayView> {
  const page = await servicePage<ReplayPage | RehearsalPage>(service, '/dead-letters/replays', {
    method: 'POST',
    body,
    headers: { 'x-operator': operator, 'idempotency-key': idempotencyKey ?? randomUUID() },
    withinMs: PATIENCE_MS,
  });
  if ('dryRun' in page) return rehearsalView(service.name, page, { by: operator, at: new Date(now()) });
  return replayView(service.name, page, []);
}

/** How far a replay is, with its messages. @param cursor of the page before */
export async function replayProgress(service: AskedService, id: string, cursor?: string): Promise<ReplayView> {
  const path = `/dead-letters/replays/${encodeURIComponent(id)}`;
  const query = new URLSearchParams({ limit: String(SHOWN), ...(cursor !== undefined && { cursor }) });
  const [replay, messages] = await Promise.all([
    servicePage<ReplayPage>(service, path),
    servicePage<ListPage<ReplayedPage>>(service, `${path}/messages?${query}`),
  ]);
  return replayView(service.name, replay, messages.items);
}

/** The latest of all services. */
export async function latestReplays(services: readonly AskedService[]): Promise<readonly ReplayView[]> {
  const found = await Promise.all(
    services.map(async (service) => {
      const page = await servicePage<ListPage<ReplayPage>>(service, '/dead-letters/replays?limit=20').catch(() => null);
      return page?.items.map((replay) => replayView(service.name, replay, [])) ?? [];
    }),
  );
  return found.flat().sort((one, other) => other.startedAt.localeCompare(one.startedAt));
}
