import type { Sql } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import type { Asking } from '../../asking/asking.ts';
import { distance } from '../../asking/broker-watch.ts';
import type { ServiceWatch } from '../../asking/service-watch.ts';
import type { EdgeView, MapView } from '../../contract/services.ts';
import { clockOf } from '../../saga/words.ts';
import { causeOf } from '../services/follows-from.ts';
import { mapChecks } from './checks.ts';
import { type DeclaredEdge, declaredEdges } from './edges.ts';
import { type Behind, type Traffic, trafficIn, type Window, waitingEvents } from './traffic.ts';

export interface MapParts {
  readonly asking: Asking;
  readonly choreography: Choreography;
  readonly sql: Sql;
  readonly now: () => number;
}

/** What holds now is shown on it, or, of what has been, the traffic alone: nobody knows how the services stood then. */
export interface MapTime extends Window {
  readonly isLive: boolean;
}

export async function mapView(parts: MapParts, time: MapTime): Promise<MapView> {
  const { asking, choreography, sql, now } = parts;
  const [traffic, waiting] = await Promise.all([
    trafficIn(sql, time),
    time.isLive ? waitingEvents(sql, behindIn(choreography, asking)) : new Map<string, number>(),
  ]);
  const seconds = secondsOf(time);
  const begins = choreography.services.flatMap(({ rows }) => rows.flatMap((row) => row.begins ?? []));
  const begun = begins.reduce((sum, event) => sum + (traffic.said.get(event)?.count ?? 0), 0);
  return {
    now: new Date(now()).toISOString(),
    choreography,
    edges: declaredEdges(choreography).map((edge) =>
      edgeView(edge, { traffic, seconds, waiting, held: time.isLive ? heldAt(asking) : new Map() }),
    ),
    services: asking.services.map((watch) => nodeOf(watch, asking, time.isLive)),
    ordersPerSecond: begun / seconds,
    checks: mapChecks(choreography),
  };
}

export const secondsOf = ({ from, until }: Window): number => Math.max(1, (until.getTime() - from.getTime()) / 1_000);

/** Where readers are behind, partition by partition. */
export function behindIn({ services }: Choreography, { broker, topicPrefix }: Asking): readonly Behind[] {
  const topics = services.map(({ topic }) => `${topicPrefix}${topic}`);
  return services.flatMap(({ name: reader }) => {
    const committed = broker.group(`${topicPrefix}${reader}`)?.committed ?? {};
    return topics.flatMap((topic) =>
      broker.topic(topic).partitions.flatMap(({ partition, end }): Behind[] => {
        const at = committed[`${topic}/${partition}`];
        return at === undefined || distance(at, end) === 0 ? [] : [{ reader, topic, partition, committed: at }];
      }),
    );
  });
}

interface Held {
  readonly dead: number;
  readonly parked: number;
}

/** Messages that a reader has set aside, by event and reader. */
export function heldAt(asking: Asking): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { service, setAside } of Object.values(asking.facts().services)) {
    for (const { eventType, status } of setAside) {
      const name = `${eventType} ${service}`;
      const { dead, parked } = held.get(name) ?? { dead: 0, parked: 0 };
      held.set(name, status === 'PARKED' ? { dead, parked: parked + 1 } : { dead: dead + 1, parked });
    }
  }
  return held;
}

interface Measured {
  readonly traffic: Traffic;
  readonly seconds: number;
  readonly waiting: ReadonlyMap<string, number>;
  readonly held: ReadonlyMap<string, Held>;
}

export function edgeView(edge: DeclaredEdge, { traffic, seconds, waiting, held }: Measured): EdgeView {
  const { event, from, to, kind } = edge;
  const name = `${event} ${to}`;
  const said = traffic.said.get(event);
  const { p50Ms = null, p99Ms = null } = traffic.answered.get(name) ?? {};
  const { dead = 0, parked = 0 } = held.get(name) ?? {};
  return {
    event,
    from,
    to,
    kind,
    perSecond: (said?.count ?? 0) / seconds,
    p50Ms,
    p99Ms,
    behind: waiting.get(name) ?? 0,
    deadLetters: dead,
    parked,
    lastAt: said?.lastAt ?? null,
  };
}

function nodeOf(watch: ServiceWatch, asking: Asking, isLive: boolean): MapView['services'][number] {
  const { service, seen } = watch;
  if (!isLive) return { service: service.name, standing: 'ready', lines: [] };
  return { service: service.name, standing: seen.standing, lines: linesOf(watch, asking) };
}

function linesOf({ seen }: ServiceWatch, asking: Asking): readonly string[] {
  const { standing, since, page } = seen;
  if (standing === 'away') return ['away', `since ${clockOf(since)}`];
  const circuits = page?.circuits ?? [];
  const open = circuits.filter(({ state }) => state !== 'closed').map(({ name }) => `${name}: no answer`);
  const slowest = [...circuits].sort((one, other) => (other.p50Ms ?? 0) - (one.p50Ms ?? 0))[0];
  const calls = slowest?.p50Ms == null ? [] : [`${slowest.name} ${Math.round(slowest.p50Ms)} ms`];
  const cause = causeOf(seen, asking);
  const [about] = cause === null ? [...open, ...calls] : [`waits for ${cause}`];
  return [standing, ...(about === undefined ? [] : [about])];
}
