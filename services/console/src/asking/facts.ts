import type { Facts, ServiceFacts } from '../saga/input.ts';
import type { BrokerWatch } from './broker-watch.ts';
import { sagaOf, setAsideOf, unpublishedOf, workOf } from './lines.ts';
import type { RegistryWatch } from './registry-watch.ts';
import type { ServiceSeen, ServiceWatch } from './service-watch.ts';
import type { StatusPage } from './status-page.ts';

interface Watches {
  readonly services: readonly ServiceWatch[];
  readonly broker: BrokerWatch;
  readonly registry: RegistryWatch;
  readonly topicPrefix: string;
}

/** How everything stands, from what was heard last. Asks nobody. */
export function factsOf({ services, broker, registry, topicPrefix }: Watches, now = new Date()): Facts {
  const all = services.map(({ service: { name }, seen }) => [name, serviceFacts(name, seen, { broker, topicPrefix })]);
  return {
    at: now.toISOString(),
    broker: broker.reached,
    registry: registry.reached,
    services: Object.fromEntries(all) as Facts['services'],
  };
}

/** Of a service that is away: what waits in it is not known, and what it said before may be over. */
const NOTHING_STORED = {
  unanswered: [],
  letters: [],
  lateTimers: [],
  outbox: { unpublished: 0, oldestAt: null, refused: [], waiting: [] },
};

function serviceFacts(
  service: string,
  { standing, since, page, reason }: ServiceSeen,
  { broker, topicPrefix }: Pick<Watches, 'broker' | 'topicPrefix'>,
): ServiceFacts {
  const said = standing === 'away' ? null : page;
  const { outbox, unanswered, letters, lateTimers } = said?.stored ?? NOTHING_STORED;
  return {
    service,
    standing,
    since,
    reasons: reasonsOf(said, reason),
    reasonsSince: Object.fromEntries(said?.reasons.map((one) => [one.part, one.since]) ?? []),
    ...(said !== null && { consumer: consumerFacts(said) }),
    group: groupFacts(page?.consumer.group ?? `${topicPrefix}${service}`, page?.consumer.topics ?? [], broker),
    outbox: { unpublished: outbox.unpublished, oldestAt: outbox.oldestAt },
    unpublished: (outbox.waiting ?? []).map(({ key, ...line }) => ({ ...unpublishedOf(line), sagaId: sagaOf(key) })),
    relay: relayFacts(page),
    lateTimers,
    circuits: said?.circuits ?? [],
    calls: unanswered.filter(({ kind }) => kind === 'call').map((line) => workOf(service, line)),
    setAside: letters.map((line) => setAsideOf(service, line)),
    refused: outbox.refused
      .filter(({ kind }) => kind === 'EVENT')
      .map(({ id, key, code, message, since: at }) => ({
        sagaId: sagaOf(key),
        eventId: id,
        reason: message ?? code,
        since: at,
      })),
  };
}

function reasonsOf(page: StatusPage | null, reason: string | null): ServiceFacts['reasons'] {
  const said = page?.reasons.map(({ part, reason: why }) => [part, why] as const) ?? [];
  return Object.fromEntries(reason === null ? said : [...said, ['answer', reason]]);
}

const consumerFacts = ({ consumer: { state, since, reason } }: StatusPage) => ({ state, since, reason });

function relayFacts(page: StatusPage | null): ServiceFacts['relay'] {
  if (page === null) return { state: 'unknown', reason: null, since: null, position: null };
  const { state, reason, since, position, isRead } = page.relay;
  return { state, reason, since, position, isRead };
}

function groupFacts(id: string, topics: readonly string[], broker: BrokerWatch): ServiceFacts['group'] {
  const group = broker.group(id);
  const isKnown = group !== undefined && broker.reached.awaySince === null;
  const committed = group?.committed ?? {};
  // Where a group has committed nothing it begins with the first record.
  const read = new Set([...topics, ...Object.keys(committed).map((place) => place.split('/')[0] ?? '')]);
  const positions = [...read].flatMap((topic) =>
    broker.topic(topic).partitions.map(({ partition, begin, end }) => {
      const place = `${topic}/${partition}`;
      return [place, { committed: committed[place] ?? begin, end }] as const;
    }),
  );
  return {
    id,
    members: isKnown ? group.members.length : null,
    noMemberSince: broker.noMemberSince(id),
    positions: Object.fromEntries(positions),
  };
}
