import type { ActAction } from '../contract/diagnosis.ts';
import type { SagaDetail } from '../contract/saga.ts';
import { diagnosisOf } from './diagnosis/diagnose.ts';
import { act } from './diagnosis/telling.ts';
import { detailOf } from './fold/fold.ts';
import type { Look } from './fold/look.ts';
import { lookAt } from './fold/look-at.ts';
import type { SagaInput } from './input.ts';
import { outcomeOf } from './owed/outcome.ts';

/** A saga with why it stands still, and what can be done about it: `GET /api/sagas/<orderId>`. */
export function whole(input: SagaInput): SagaDetail {
  const look = lookAt(input);
  return detailOf(look, diagnosisOf(look), actsOn(look));
}

/** What can be done to the whole saga, whatever its diagnosis. */
function actsOn({ input, told, protocol, style }: Look): readonly ActAction[] {
  const { orderId } = input;
  if (told.root === undefined || outcomeOf(told, protocol) !== null) return [];
  const cancel = act(
    'cancel-order',
    'Cancel order…',
    { orderId },
    { consequence: 'The order ends as its customer would end it. Everything that was done is undone.', danger: true },
  );
  if (style !== 'orchestrated') return [cancel];
  const consequence = 'The orchestrator asks for nothing more, and undoes what was done.';
  return [cancel, act('compensate-saga', 'Give up…', { orderId }, { consequence, danger: true })];
}
