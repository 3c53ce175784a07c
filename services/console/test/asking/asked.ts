import { readFileSync } from 'node:fs';
import type { GroupLook, PartitionEnds } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import { Asking } from '../../src/asking/asking.ts';
import type { Cluster } from '../../src/asking/broker-watch.ts';
import type { Heard } from '../../src/asking/json-page.ts';
import type { StatusPage, StoredPage } from '../../src/asking/status-page.ts';

/** The production map, as docs/choreography.json has it. */
export const map = JSON.parse(
  readFileSync(new URL('../../../../docs/choreography.json', import.meta.url), 'utf8'),
) as Choreography;

export const NAMES = map.services.map(({ name }) => name);
export const T = '2026-11-30T02:13:04.000Z';

export const stored: StoredPage = {
  outbox: { unpublished: 0, oldestAt: null, isKnown: true, refused: [] },
  unanswered: [],
  lateTimers: [],
  letters: [],
  letterCounts: { DEAD: 0, QUARANTINED: 0, PARKED: 0 },
};

/** What a service says that is well, with what a test changes. */
export const page = (service: string, changed: Partial<StatusPage> = {}): StatusPage => ({
  service,
  version: '0.1.0',
  instance: { id: `host:${service}`, host: 'host', pid: 1 },
  startedAt: '2026-11-30T02:00:00.000Z',
  ready: (changed.reasons ?? []).length === 0,
  reasons: [],
  consumer: { group: service, topics: ['order.events'], state: 'member', since: T, reason: null },
  relay: {
    kind: 'logical',
    state: 'active',
    since: T,
    reason: null,
    position: '0/3A41F8C8',
    isRead: true,
    retainedBytes: 1_048_576,
  },
  circuits: [],
  stored,
  process: { memoryBytes: 100_000_000, memoryLimitBytes: null, eventLoopMs: 0.1 },
  ...changed,
});

export const says = (body: unknown, status = 200): Heard => ({ kind: 'answer', status, body });
export const refusesToConnect: Heard = { kind: 'no answer', reason: 'connect ECONNREFUSED 127.0.0.1:3003' };

/** Brokers that say what a test tells them. */
export class StandInCluster implements Cluster {
  committed: Record<string, Record<string, string>> = {};
  members: Record<string, number> = {};
  ends: Record<string, readonly string[]> = {};
  away = false;

  async groups(ids: readonly string[]): Promise<readonly GroupLook[]> {
    if (this.away) throw new Error('connect ECONNREFUSED 127.0.0.1:9092');
    return ids.map((id) => ({
      id,
      state: 'Stable',
      members: Array.from({ length: this.members[id] ?? 1 }, (_, at) => ({
        id: `${id}-${at}`,
        host: 'h',
        partitions: [],
      })),
      committed: this.committed[id] ?? {},
    }));
  }

  async topics(names: readonly string[]): Promise<ReadonlyMap<string, readonly PartitionEnds[]>> {
    return new Map(
      names.map((name) => [name, (this.ends[name] ?? ['0']).map((end, partition) => ({ partition, begin: '0', end }))]),
    );
  }

  async close(): Promise<void> {}
}

/** Everything that is asked, with nobody asking: a test says what was heard. */
export function asking(cluster: Cluster = new StandInCluster()): Asking {
  const made = new Asking({
    services: NAMES.map((name) => ({ name, doc: `${name} does its part.`, url: `http://${name}.invalid` })),
    partners: [{ name: 'provider', of: 'payment', url: 'http://provider.invalid' }],
    choreography: map,
    cluster,
    registryUrl: 'http://registry.invalid',
    topicPrefix: '',
    ownGroup: 'console',
  });
  for (const watch of made.services) watch.heard(says(page(watch.service.name)), new Date(T));
  return made;
}

export function tell(of: Asking, service: string, heard: Heard, at = T): void {
  const watch = of.services.find((one) => one.service.name === service);
  if (watch === undefined) throw new Error(`there is no ${service}`);
  watch.heard(heard, new Date(at));
}
