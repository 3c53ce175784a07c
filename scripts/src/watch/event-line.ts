import type { Paint, Style } from '../terminal/paint.ts';
import { clock } from './details.ts';
import type { Seen } from './seen.ts';
import { shown } from './text.ts';

const SERVICES: Readonly<Record<string, Style>> = {
  order: 'cyan',
  payment: 'magenta',
  inventory: 'blue',
  shipping: 'yellow',
  notification: 'dim',
};

/** The end of an order id, which tells orders apart: a UUIDv7 begins with the time, and so alike for all of a minute. */
export const shortId = (orderId: string): string => (orderId === '' ? 'no key  ' : `…${orderId.slice(-8)}`);

/** One event as one line: time, service, event, order, and what matters of it. */
export function eventLine(event: Seen, paint: Paint): string {
  const { at, service, orderId } = event;
  const who = shown(service, 12).padEnd(12);
  return [
    paint(clock(at), 'dim'),
    paint(who, ...serviceStyle(service)),
    nameOf(event, paint, 23),
    paint(shortId(orderId).padEnd(9), 'dim'),
    event.details,
  ]
    .join('  ')
    .trimEnd();
}

/** The event's name, marked when it is a dead letter or cannot be read, in the colour of what it means. */
export function nameOf({ kind, name }: Seen, paint: Paint, width = 0): string {
  const marked = kind === 'event' ? name : `✗ ${kind === 'dead letter' ? 'dead letter: ' : ''}${name}`;
  return paint(marked.padEnd(width), ...meaning(kind, name));
}

export const serviceStyle = (service: string): readonly Style[] => {
  const style = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  return style === undefined ? [] : [style];
};

function meaning(kind: Seen['kind'], name: string): readonly Style[] {
  if (kind !== 'event' || /(Failed|Cancelled)$/.test(name)) return ['red'];
  if (/Confirmed$/.test(name)) return ['green', 'bold'];
  if (/(Refunded|Released|Required)$/.test(name)) return ['yellow'];
  return [];
}
