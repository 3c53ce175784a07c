import type { Moment } from '../contract/event.ts';
import type { InstanceView, Standing } from '../contract/services.ts';
import { History } from './history.ts';
import { ask, type Heard, untraced } from './json-page.ts';
import type { AskedService } from './services.ts';
import type { StatusPage } from './status-page.ts';

const PATIENCE_MS = 1_500;
/** Of a process that has ended, so that one sees that it was replaced. */
const INSTANCES_KEPT = 5;

/** How one service stands, as it was heard last. */
export interface ServiceSeen {
  readonly standing: Standing;
  readonly since: Moment;
  /** Of `away`: what the request came to. */
  readonly reason: string | null;
  /** What it said last, also when it is away now. */
  readonly page: StatusPage | null;
  readonly instances: readonly InstanceView[];
  readonly outboxHistory: readonly number[];
}

/** Asks one service how it stands. */
export class ServiceWatch {
  readonly service: AskedService;
  readonly #outbox = new History();
  #seen: Omit<ServiceSeen, 'outboxHistory'>;

  constructor(service: AskedService) {
    this.service = service;
    const since = new Date().toISOString();
    this.#seen = { standing: 'away', since, reason: 'it was not asked yet', page: null, instances: [] };
  }

  get seen(): ServiceSeen {
    return { ...this.#seen, outboxHistory: this.#outbox.values };
  }

  async look(): Promise<void> {
    this.heard(await ask(`${this.service.url}/status`, { withinMs: PATIENCE_MS, headers: untraced() }));
  }

  /** @param now when it was heard */
  heard(answer: Heard, now = new Date()): void {
    const page = pageIn(answer);
    const standing: Standing = page === undefined ? 'away' : page.ready ? 'ready' : 'not ready';
    const at = now.toISOString();
    const isSame = standing === this.#seen.standing;
    this.#seen = {
      standing,
      since: isSame ? this.#seen.since : since(standing, page, at),
      reason: page === undefined ? reasonOf(answer) : null,
      page: page ?? this.#seen.page,
      instances: instancesAfter(this.#seen.instances, page, at),
    };
    if (page?.stored) this.#outbox.add(page.stored.outbox.unpublished, now.getTime());
  }
}

/** A service that is not ready says since when; the rest is as the console has seen it. */
function since(standing: Standing, page: StatusPage | undefined, at: Moment): Moment {
  const said = standing === 'not ready' ? (page?.reasons.map((reason) => reason.since) ?? []) : [];
  return said.sort()[0] ?? at;
}

function pageIn(answer: Heard): StatusPage | undefined {
  if (answer.kind === 'no answer' || answer.status !== 200) return undefined;
  const { body } = answer;
  return typeof body === 'object' && body !== null && 'instance' in body ? (body as StatusPage) : undefined;
}

function reasonOf(answer: Heard): string {
  if (answer.kind === 'no answer') return answer.reason;
  return answer.status === 200 ? 'what answers there is no service of this version' : `it answers ${answer.status}`;
}

function instancesAfter(
  known: readonly InstanceView[],
  page: StatusPage | undefined,
  at: Moment,
): readonly InstanceView[] {
  const current = page?.instance.id;
  const ended = known.map((one) => (one.endedAt === null && one.id !== current ? { ...one, endedAt: at } : one));
  if (page === undefined) return ended;
  const { id, host } = page.instance;
  const isKnown = ended.some((one) => one.id === id && one.endedAt === null);
  if (isKnown) return ended;
  const others = ended.filter((one) => one.id !== id);
  return [{ id, host, upSince: page.startedAt, endedAt: null }, ...others].slice(0, INSTANCES_KEPT);
}
