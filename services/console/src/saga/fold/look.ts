import type { Reading, SagaEvent, SetAside, Work } from '../../contract/event.ts';
import type { SagaStyle } from '../../contract/saga.ts';
import type { SagaInput } from '../input.ts';
import type { Owing } from '../owed/owing.ts';
import type { Told } from '../owed/said.ts';
import type { Protocol } from '../protocol/protocol.ts';

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
