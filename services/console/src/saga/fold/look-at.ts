import type { SagaInput } from '../input.ts';
import { owingsAfter } from '../owed/owings.ts';
import { inOrder, saidOf, toldBy } from '../owed/said.ts';
import { protocolOf } from '../protocol/protocol.ts';
import { styleOf } from '../shop/order.ts';
import type { Look } from './look.ts';
import { readingsOf } from './readings.ts';
import { unpublishedIn } from './unpublished.ts';

export function lookAt(input: SagaInput): Look {
  const { choreography, now, answers } = input;
  const until = new Date(now).toISOString();
  const published = input.events.filter(({ at }) => at <= until);
  const events = inOrder([...published, ...unpublishedIn(input, until)]);
  const style = input.log ? 'orchestrated' : styleOf(events);
  const protocol = protocolOf(choreography, style);
  const told = toldBy(events.map(saidOf), protocol.begins);
  const work = answers.flatMap((answer) => answer.work.filter(({ since }) => since <= until));
  const setAside = answers.flatMap((answer) => answer.setAside.filter(({ since }) => since <= until));
  const known = { input, now, style, protocol, events, told, work, setAside };
  return { ...known, owings: owingsAfter(told, protocol), readings: readingsOf(known) };
}
