import type { DatabaseServer } from '../database/server.ts';
import { firstPositions } from '../system/at-rest.ts';
import type { SimulationRun } from './simulation-run.ts';

/**
 * Each service has handled the events of a topic and key in their order. A discarded event is an exception: it comes again after
 * the inbox was pruned, and is then handled late.
 */
export function inOrder({ system, history }: SimulationRun): string[] {
  const positions = new Map(system.broker.topics.map((topic) => [topic, firstPositions(system.broker.records(topic))]));
  const last = new Map<string, number>();
  return history.effects.flatMap(({ service, topic, key, id }) => {
    if (history.inboxPruned && wasDiscarded(system.server(service), id)) return [];
    const name = `${service} ${topic} ${key}`;
    const position = positions.get(topic)?.get(id) ?? -1;
    const before = last.get(name) ?? -1;
    last.set(name, Math.max(position, before));
    return position > before ? [] : [`${service} handled an event of ${topic} about ${key} too late`];
  });
}

const wasDiscarded = ({ tables }: DatabaseServer, id: string): boolean =>
  [...tables.deadLetters.values()].some(({ status, record }) => status === 'DISCARDED' && record.headers.ce_id === id);
