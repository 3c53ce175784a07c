import { DomainError, get, id, type Route } from '@troupe/chassis';
import { z } from 'zod';
import { described } from '../described.ts';
import { type SagaDetailParts, sagaDetail } from './detail.ts';

/** `GET /api/sagas/<orderId>`: one saga whole, and why it stands still. */
export const sagaRoute = (parts: SagaDetailParts): Route<never> =>
  get('/api/sagas/:orderId', {
    summary:
      'One saga whole: its events against the declared protocol, who owes the next step, and why it stands still',
    params: z.object({ orderId: id }),
    response: described('SagaDetail'),
    async handle({ params: { orderId } }) {
      const saga = await sagaDetail(parts, orderId);
      if (saga === null) throw unknownSaga(orderId);
      return { status: 200, body: saga };
    },
  });

function unknownSaga(orderId: string): DomainError {
  return new DomainError({
    code: 'SAGA_UNKNOWN',
    status: 404,
    title: 'Nobody knows this saga',
    detail: `No event of ${orderId} stands on the topics that the console keeps, and no service that answers has done anything for it. Check the id; older sagas are removed after the console's retention time.`,
  });
}
