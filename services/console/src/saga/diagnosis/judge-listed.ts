import type { Choreography } from '@troupe/choreography/graph';
import type { Diagnosis } from '../../contract/diagnosis.ts';
import type { SagaEvent } from '../../contract/event.ts';
import { lookAt } from '../fold/look-at.ts';
import type { Facts, SagaSummary } from '../input.ts';
import { summarize } from '../summary/summarize.ts';
import { diagnosisOf } from './diagnose.ts';
import { answersListed } from './of-saga.ts';

interface Listed {
  readonly orderId: string;
  /** All that stand on topics; none where the saga stands in an outbox alone. */
  readonly events: readonly SagaEvent[];
  readonly choreography: Choreography;
  readonly facts: Facts;
  readonly now: number;
}

/**
 * How a saga stands that services list, by the rules of its own page: from all its events, and from what the lists have of it in
 * place of the services' answers. Null: nothing of it is known any more. @param isMany the sentence is for all sagas of this cause
 */
export function judgeListed(
  { facts, ...saga }: Listed,
  isMany: boolean,
): { readonly summary: SagaSummary; readonly diagnosis: Diagnosis | null } | null {
  const answers = answersListed(facts, saga.orderId);
  const look = lookAt({ ...saga, facts, answers, handled: [], sent: [] });
  if (look.events.length === 0) return null;
  return { summary: summarize(look.events, saga.choreography), diagnosis: diagnosisOf(look, isMany) };
}
