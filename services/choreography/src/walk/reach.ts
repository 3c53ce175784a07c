import type { MapRow } from '../map/choreography.ts';
import { type Graph, idOf, type Message } from './graph.ts';

/** All messages that may follow from these, with them, by their ids, the nearest first; what is `closed` is not passed. */
export function reachedFrom(
  graph: Graph,
  roots: readonly Message[],
  closed: (message: Message) => boolean = () => false,
): Set<string> {
  const reached = new Set<string>();
  const queue = roots.filter((message) => !closed(message));
  for (const message of queue) {
    if (reached.has(idOf(message))) continue;
    reached.add(idOf(message));
    const asked = graph.asked(message);
    const next = [...graph.hearing(message).flatMap(graph.said), ...(asked === undefined ? [] : [asked])];
    queue.push(...next.filter((follower) => !closed(follower)));
  }
  return reached;
}

/** The events that a row may cause without another service: its own, and those of the tasks that it starts. */
export function eventsCausedBy(graph: Graph, row: MapRow, passes: (task: Message) => boolean = () => true): Message[] {
  const events = new Map<string, Message>();
  const passed = new Set<string>();
  const visit = (next: MapRow): void => {
    for (const message of graph.said(next)) {
      const id = idOf(message);
      if (message.kind === 'event') events.set(id, message);
      if (message.kind === 'event' || passed.has(id) || !passes(message)) continue;
      passed.add(id);
      graph.hearing(message).forEach(visit);
    }
  };
  visit(row);
  return [...events.values()];
}
