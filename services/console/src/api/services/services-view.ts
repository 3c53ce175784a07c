import type { Asking } from '../../asking/asking.ts';
import { distance } from '../../asking/broker-watch.ts';
import type { ServiceSeen, ServiceWatch } from '../../asking/service-watch.ts';
import type { LagView, ServicesView, ServiceView } from '../../contract/services.ts';
import { alarmOf } from './alarm.ts';
import { type AroundParts, aroundOf } from './around.ts';
import { causeOf } from './follows-from.ts';

export interface ServicesParts extends AroundParts {
  readonly asking: Asking;
  readonly now: () => number;
}

/** How the services stand, broken ones first, and what is known around them. Asks nobody: everything was heard a second ago. */
export function servicesView(parts: ServicesParts): ServicesView {
  const { asking, now } = parts;
  const views = asking.services.map((watch) => serviceView(watch, asking, now()));
  const services = [...views].sort((one, other) => severity(other) - severity(one));
  return {
    now: new Date(now()).toISOString(),
    services,
    around: aroundOf(parts),
    alarm: alarmOf(services, asking, now()),
  };
}

/** What is broken itself stands before what only follows from it. */
export function severity(
  service: Pick<ServiceView, 'standing' | 'followsFrom' | 'circuits' | 'outbox' | 'lag'>,
): number {
  const { standing, followsFrom, circuits, outbox, lag } = service;
  if (standing === 'away') return 4;
  if (standing === 'not ready') return followsFrom === null ? 3 : 2;
  const isSlow = circuits.some(({ state }) => state !== 'closed') || outbox.refused > 0;
  return isSlow || lag.some(({ behind, members }) => behind > 0 && members === 0) ? 1 : 0;
}

function serviceView({ service, seen }: ServiceWatch, asking: Asking, now: number): ServiceView {
  const { standing, since, page, instances, outboxHistory } = seen;
  const said = standing === 'away' ? null : page;
  const stored = said?.stored ?? null;
  return {
    name: service.name,
    doc: service.doc,
    standing,
    since,
    reasons: reasonsOf(seen),
    followsFrom: causeOf(seen, asking),
    instances,
    outbox: {
      unpublished: stored?.outbox.unpublished ?? 0,
      oldestAt: stored?.outbox.oldestAt ?? null,
      refused: stored?.outbox.refused.length ?? 0,
      history: outboxHistory,
    },
    relay: {
      kind: page?.relay.kind ?? 'unknown',
      state: said?.relay.state ?? 'unknown',
      position: page?.relay.position ?? null,
      behindMs: behindMs(stored?.outbox.oldestAt ?? null, stored !== null, now),
    },
    lag: lagOf(page?.consumer.group ?? `${asking.topicPrefix}${service.name}`, page?.consumer.topics ?? [], asking),
    circuits: said?.circuits ?? [],
    memoryBytes: said?.process.memoryBytes ?? null,
    memoryLimitBytes: said?.process.memoryLimitBytes ?? null,
    eventLoopMs: said?.process.eventLoopMs ?? null,
  };
}

export function reasonsOf({ standing, page, reason }: ServiceSeen): Readonly<Record<string, string>> {
  if (standing === 'away') return { answer: `The last try: ${reason ?? 'it was not asked yet'}.` };
  return Object.fromEntries(page?.reasons.map(({ part, reason: why }) => [part, why]) ?? []);
}

/** How old the oldest row is that the broker is not known to have. */
function behindMs(oldestAt: string | null, isKnown: boolean, now: number): number | null {
  if (!isKnown) return null;
  return oldestAt === null ? 0 : Math.max(0, now - Date.parse(oldestAt));
}

/** How far a group is behind, topic by topic, those that it has read from. */
export function lagOf(
  groupId: string,
  topics: readonly string[],
  { broker }: Pick<Asking, 'broker'>,
): readonly LagView[] {
  const group = broker.group(groupId);
  if (group === undefined) return [];
  const read = new Set([...topics, ...Object.keys(group.committed).map((place) => place.replace(/\/\d+$/, ''))]);
  return [...read].sort().map((topic) => {
    const partitions = broker.topic(topic).partitions.map(({ partition, begin, end }) => {
      const committed = group.committed[`${topic}/${partition}`] ?? begin;
      return { partition, committed, end, behind: distance(committed, end) };
    });
    return {
      topic,
      behind: partitions.reduce((sum, { behind }) => sum + behind, 0),
      members: group.members.length,
      partitions,
      history: broker.lagHistory(groupId, topic),
    };
  });
}
