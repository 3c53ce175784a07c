import type { Choreography } from '../map/choreography.ts';
import type { Message } from './graph.ts';
import { nearest } from './nearest.ts';

/** What a name of the map stands for: the messages of that name, or a service. */
export type Found = { readonly service: string } | { readonly messages: readonly Message[] };

/**
 * Looks a name up, whatever its case. Several messages may have it: a call of one service and a command of another.
 *
 * @returns the nearest names when nothing has that name
 */
export function find(map: Choreography, name: string): Found | { readonly nearest: readonly string[] } {
  const is = (candidate: string): boolean => candidate.toLowerCase() === name.toLowerCase();
  const service = map.services.find((candidate) => is(candidate.name));
  if (service !== undefined) return { service: service.name };
  const messages = messagesOf(map);
  const found = messages.filter((message) => is(message.name));
  if (found.length > 0) return { messages: found };
  return {
    nearest: nearest(
      name,
      [...map.services, ...messages].map((named) => named.name),
    ),
  };
}

/** Every event, call, timer and command. */
export function messagesOf({ events, calls, timers, commands }: Choreography): Message[] {
  return [
    ...events.map(({ name, owner }) => ({ kind: 'event' as const, name, service: owner })),
    ...calls.map(({ name, service }) => ({ kind: 'call' as const, name, service })),
    ...timers.map(({ name, service }) => ({ kind: 'timer' as const, name, service })),
    ...commands.map(({ name, service }) => ({ kind: 'command' as const, name, service })),
  ];
}
