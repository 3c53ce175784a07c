import type { EdgeView, MapView } from '../../contract/services.ts';
import { mapChecks } from './checks.ts';
import { type DeclaredEdge, declaredEdges } from './edges.ts';
import type { MapPast } from './past.ts';
import { type Held, type StoodParts, standsNow } from './stood.ts';
import { type Traffic, trafficIn, type Window } from './traffic.ts';

export interface MapParts extends StoodParts {
  readonly past: MapPast;
}

/** Of what has been, how services stood is what the console has seen by itself. */
export interface MapTime extends Window {
  readonly isLive: boolean;
}

export async function mapView(parts: MapParts, time: MapTime): Promise<MapView> {
  const { asking, choreography, sql, past, now } = parts;
  const [traffic, stood] = await Promise.all([
    trafficIn(sql, time),
    time.isLive ? standsNow(parts) : past.at(time.until.getTime()),
  ]);
  const seconds = secondsOf(time);
  const begins = choreography.services.flatMap(({ rows }) => rows.flatMap((row) => row.begins ?? []));
  const begun = begins.reduce((sum, event) => sum + (traffic.said.get(event)?.count ?? 0), 0);
  return {
    now: new Date(now()).toISOString(),
    choreography,
    edges: declaredEdges(choreography).map((edge) =>
      edgeView(edge, { traffic, seconds, waiting: stood?.waiting ?? new Map(), held: stood?.held ?? new Map() }),
    ),
    services: stood?.services ?? asking.services.map(({ service: { name } }) => notKnown(name)),
    ...(stood === undefined && { notSeenBefore: past.since === null ? null : new Date(past.since).toISOString() }),
    ordersPerSecond: begun / seconds,
    checks: mapChecks(choreography),
  };
}

const notKnown = (service: string): MapView['services'][number] => ({
  service,
  standing: 'ready',
  lines: ['not known'],
});

export const secondsOf = ({ from, until }: Window): number => Math.max(1, (until.getTime() - from.getTime()) / 1_000);

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
