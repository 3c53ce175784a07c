import { DomainError, get, moment, type Route, text } from '@troupe/chassis';
import { z } from 'zod';
import type { MapView } from '../../contract/services.ts';
import { described } from '../described.ts';
import type { OpenSagas } from '../saga-list.ts';
import { edgeDetail } from './edge-detail.ts';
import { type MapParts, mapView } from './map-view.ts';

const LONGEST_S = 24 * 3_600;
/** However many look at the map, its traffic is counted this often. */
const FRESH_MS = 2_000;

const query = z.object({
  window: z.coerce.number().int().min(1).max(LONGEST_S).default(60).describe('Seconds, up to now.'),
  from: moment.optional().describe('Of what has been; with `until`.'),
  until: moment.optional(),
});

/** The map with its traffic: up to now, or of a time that has been. */
export function mapRoutes(parts: MapParts & { readonly open: OpenSagas }): readonly Route<never>[] {
  const live = liveMap(parts);
  return [
    get('/api/map', {
      summary: 'The choreography with what passes on it: now, or at another time',
      query,
      response: described('MapView'),
      async handle({ query: { window, from, until } }) {
        if (from === undefined && until === undefined) return { status: 200, body: await live(window) };
        const end = until === undefined ? new Date(parts.now()) : new Date(until);
        const begin = from === undefined ? new Date(end.getTime() - window * 1_000) : new Date(from);
        if (begin >= end || end.getTime() - begin.getTime() > LONGEST_S * 1_000) throw wrongTime();
        return { status: 200, body: await mapView(parts, { from: begin, until: end, isLive: false }) };
      },
    }),
    get('/api/map/edge', {
      summary: 'One event on its way to one reader: how fast, where the time goes, what waits',
      query: z.object({ event: text(200), to: text(64) }),
      response: described('EdgeDetail'),
      async handle({ query: { event, to } }) {
        const body = await edgeDetail(parts, { event, to });
        if (body === undefined) throw noEdge(event, to);
        return { status: 200, body };
      },
    }),
  ];
}

/** The map as it is now, by its window in seconds. Counted once for all who ask within two seconds. */
export function liveMap(parts: MapParts): (windowS: number) => Promise<MapView> {
  const kept = new Map<number, { readonly at: number; readonly map: Promise<MapView> }>();
  return (windowS) => {
    const at = parts.now();
    const known = kept.get(windowS);
    if (known !== undefined && at - known.at < FRESH_MS) return known.map;
    const until = new Date(at);
    const map = mapView(parts, { from: new Date(at - windowS * 1_000), until, isLive: true });
    for (const [window, { at: counted }] of kept) if (at - counted >= FRESH_MS) kept.delete(window);
    kept.set(windowS, { at, map });
    map.catch(() => kept.delete(windowS));
    return map;
  };
}

const wrongTime = (): DomainError =>
  new DomainError({
    status: 422,
    code: 'WRONG_TIME',
    title: 'The map cannot show this time',
    detail: 'Give a time of at most 24 hours, whose end lies behind its beginning.',
  });

const noEdge = (event: string, to: string): DomainError =>
  new DomainError({
    status: 404,
    code: 'EDGE_UNKNOWN',
    title: 'The map has no such edge',
    detail: `${to} does not hear ${event}; /api/map lists who hears what.`,
  });
