import { DomainError } from '../failure.ts';
import { command, timer } from '../messages.ts';
import type { SagaLog } from './log.ts';

export interface OfSaga {
  readonly sagaId: string;
}
/** What an operator says to it. */
export interface SagaWord extends OfSaga {
  readonly reason: string;
}

/** Goes off when a step has taken too long, a wait is over, or failed compensations are to be tried again. */
export const SagaClock = timer('SagaClock', ({ sagaId }: OfSaga) => sagaId);
/** An operator's wish that what is not answered, or was refused, is asked again at once. */
export const RetrySaga = command('RetrySaga', ({ sagaId }: OfSaga) => sagaId);
/** An operator's wish that what was done is undone. */
export const CompensateSaga = command('CompensateSaga', ({ sagaId }: SagaWord) => sagaId);
/** An operator's word that what could not be undone is settled by hand. */
export const ResolveSaga = command('ResolveSaga', ({ sagaId }: SagaWord) => sagaId);

export function sagaNotFound(sagaId: string): DomainError {
  return new DomainError({
    code: 'SAGA_NOT_FOUND',
    status: 404,
    title: 'There is no such saga',
    detail: `No saga ${sagaId} is orchestrated here. GET /sagas lists those that are.`,
  });
}

export function sagaEnded({ id, status }: SagaLog): DomainError {
  return new DomainError({
    code: 'SAGA_ENDED',
    status: 409,
    title: 'The saga has ended',
    detail: `Saga ${id} is ${status}: there is nothing left to retry, to compensate or to resolve.`,
  });
}

export function sagaNotStarted({ id, status }: SagaLog): DomainError {
  return new DomainError({
    code: 'SAGA_COMPENSATING',
    status: 409,
    title: 'The saga is being compensated already',
    detail: `Saga ${id} is ${status}: what was done is being undone. Retry or resolve what could not be.`,
  });
}

export function sagaNotStuck({ id, status }: SagaLog): DomainError {
  return new DomainError({
    code: 'SAGA_NOT_FAILED',
    status: 409,
    title: 'The saga has no compensation that failed',
    detail: `Saga ${id} is ${status}: only of one that is COMPENSATION_FAILED something can be resolved by hand.`,
  });
}
