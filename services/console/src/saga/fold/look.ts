import type { Reading, SagaEvent, SetAside, Work } from '../../contract/event.ts';
import type { SagaStyle } from '../../contract/saga.ts';
import type { SagaInput } from '../input.ts';
import type { Owing } from '../owed/owing.ts';
import { owingsAfter } from '../owed/owings.ts';
import { inOrder, saidOf, type Told, toldBy } from '../owed/said.ts';
import { type Protocol, protocolOf } from '../protocol/protocol.ts';
import { styleOf } from '../shop/order.ts';
import { readingsOf } from './readings.ts';
import { unpublishedIn } from './unpublished.ts';

/** A saga at one moment, with all that follows from its events: what the drawing and the diagnosis both begin with. */
export interface Look {
  readonly input: SagaInput;
  readonly now: number;
  readonly style: SagaStyle;
  readonly protocol: Protocol;
  /** What had been said by then, first to last, also what still stands in an outbox. */
  readonly events: readonly SagaEvent[];
  readonly told: Told;
  readonly owings: readonly Owing[];
  readonly readings: readonly Reading[];
  readonly work: readonly Work[];
  readonly setAside: readonly SetAside[];
}

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
