import { type Choreography, durationOf, type Message } from '@troupe/choreography';
import type { Paint } from '../terminal/paint.ts';

/** What a line of the map is written with. */
export interface Pen {
  readonly map: Choreography;
  readonly paint: Paint;
}

type Words = Readonly<Record<Message['kind'], string>>;
const HEARD: Words = { event: '', command: 'command ', call: 'answer to ', timer: 'timer ' };
const SAID: Words = { event: '', command: 'command ', call: 'asks ', timer: 'sets ' };

/** A message as a row hears it. */
export const heardWords = ({ kind, name }: Pick<Message, 'kind' | 'name'>): string => `${HEARD[kind]}${name}`;

/** A message as a row says it. */
export const saidWords = ({ kind, name }: Pick<Message, 'kind' | 'name'>): string => `${SAID[kind]}${name}`;

/** What the schema of an event says of its place: how the saga ends with it, what undoes it, that nobody has to hear it. */
export function notesOf({ map }: Pen, { kind, name, service }: Message): string[] {
  if (kind === 'timer') {
    const timer = map.timers.find((known) => known.name === name && known.service === service);
    return timer?.afterMs === undefined ? [] : [`after ${durationOf(timer.afterMs)}`];
  }
  const event = kind === 'event' ? map.events.find((known) => known.name === name) : undefined;
  if (event === undefined) return [];
  const { ends, undoneBy, terminal } = event;
  return [
    ...(ends === undefined ? [] : [ends === 'success' ? 'the saga ends well' : 'the saga ends without success']),
    ...(undoneBy === undefined ? [] : [`undone by ${undoneBy}`]),
    ...(terminal === undefined ? [] : ['nobody has to hear it']),
  ];
}
