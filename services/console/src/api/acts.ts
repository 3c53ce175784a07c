import { forward, type Route } from '@troupe/chassis';
import type { Choreography } from '@troupe/choreography';
import { z } from 'zod';
import type { Params } from '../acts/act.ts';
import { perform } from '../acts/perform.ts';
import type { AskedService } from '../asking/services.ts';
import type { ActResult } from '../contract/work.ts';
import { fullNameOf } from './dead-letters/lists.ts';
import { described } from './described.ts';
import { operator, words } from './operator.ts';

export interface ActsParts {
  readonly choreography: Choreography;
  readonly services: readonly AskedService[];
  /** Who placed an order: only that customer may cancel it. Undefined: nobody knows. */
  customerOf(orderId: string): Promise<string | undefined>;
}

const body = z.strictObject({
  params: z.record(z.string().max(64), z.string().max(40_000)).default({}),
  reason: words.optional(),
  operator,
});

/** `POST /api/acts/<act>`: what an operator decides, passed on to the service that it is about. */
export const actsRoute = (parts: ActsParts): Route<never> =>
  forward('/api/acts/:act', {
    summary: 'For operators: one act on a saga, a call, a record or dead letters, in your name',
    params: z.object({ act: z.string().max(64) }),
    body,
    response: described('ActResult'),
    async handle({ params: { act }, body: { params, reason, operator: name }, idempotencyKey }) {
      const known = await completed(parts, params);
      const result: ActResult = await perform(parts.services, act, known, { operator: name, reason, idempotencyKey });
      return { status: 200, body: result };
    },
  });

/** What the page need not know. */
async function completed({ customerOf, choreography }: ActsParts, given: Params): Promise<Params> {
  const { sagaId, type, ...rest } = given;
  const params: Params = { ...rest, ...(type !== undefined && { type: fullNameOf(choreography, type) }) };
  const orderId = params.orderId ?? sagaId;
  if (orderId === undefined) return params;
  const customerId = params.customerId ?? (await customerOf(orderId));
  return { ...params, orderId, ...(customerId !== undefined && { customerId }) };
}
