import type { Sql } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import type { Asking } from '../../asking/asking.ts';
import { distance } from '../../asking/broker-watch.ts';
import type { ServiceWatch } from '../../asking/service-watch.ts';
import type { MapView } from '../../contract/services.ts';
import { clockOf } from '../../saga/words.ts';
import { causeOf } from '../services/follows-from.ts';
import { type Behind, waitingEvents } from './traffic.ts';

export interface StoodParts {
  readonly asking: Asking;
  readonly choreography: Choreography;
  readonly sql: Sql;
  readonly now: () => number;
}

/** How services stood at a moment, and what waited for them. By event and reader, `<event> <service>`. */
export interface Stood {
  readonly at: number;
  readonly services: MapView['services'];
  readonly waiting: ReadonlyMap<string, number>;
  readonly held: ReadonlyMap<string, Held>;
}

/** A statement where a reader is behind, otherwise none. */
export async function standsNow({ asking, choreography, sql, now }: StoodParts): Promise<Stood> {
  const at = now();
  const services = asking.services.map((watch) => nodeOf(watch, asking));
  const held = heldAt(asking);
  return { at, services, held, waiting: await waitingEvents(sql, behindIn(choreography, asking)) };
}

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

export interface Held {
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

function nodeOf(watch: ServiceWatch, asking: Asking): MapView['services'][number] {
  const { service, seen } = watch;
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
