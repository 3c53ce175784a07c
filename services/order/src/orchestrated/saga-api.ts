import {
  CompensateSaga,
  compensationId,
  get,
  id,
  isId,
  pagesOf,
  post,
  ResolveSaga,
  RetrySaga,
  type Route,
  reason,
  remoteStepsOf,
  type SagaLog,
  type StepLog,
  sagaNotFound,
  stepId,
} from '@troupe/chassis';
import type { PrismaClient } from '@troupe/order-database';
import { z } from 'zod';
import { orderSagas } from '../domain/fulfilment.ts';
import type { Order } from '../domain/order.ts';
import { findSaga, type PendingRemoteStep, pendingRemoteStep, sagaPage } from './saga-queries.ts';

type State = Order | undefined;

const CALLS = orderSagas.all.flatMap(({ steps }) => remoteStepsOf(steps).map(({ call }) => call.messageName));
const pages = pagesOf('sagas', isId);
const params = z.object({ sagaId: id });
const moment = z.iso.datetime();
const count = z.number().int().min(0);

const statuses = z.enum(['STARTED', 'COMPLETED', 'COMPENSATING', 'FAILED', 'COMPENSATION_FAILED']);
const idOfStep = z
  .uuid()
  .describe('The same in every attempt; the events that follow name it as their `ce_causationid`.');
const compensationView = z.object({
  id: idOfStep,
  status: z.enum(['RUNNING', 'WAITING', 'DONE', 'FAILED', 'RESOLVED']),
  attempts: count,
  startedAt: moment,
  endedAt: moment.optional(),
  detail: z.string().optional(),
});
const stepView = z.object({
  id: idOfStep,
  name: z.string(),
  status: z
    .enum(['PENDING', 'RUNNING', 'WAITING', 'DONE', 'REFUSED', 'UNKNOWN'])
    .describe(
      'WAITING: for a person, or for a busy participant. UNKNOWN: it may have been done, so it is undone. It was given up without an answer, or refused after an attempt without one.',
    ),
  attempts: count,
  startedAt: moment.optional(),
  endedAt: moment.optional(),
  detail: z.string().optional().describe('Why it was refused, or what it waits for.'),
  compensation: compensationView.optional(),
});
const sagaView = z.object({
  sagaId: z.uuid().describe('Also the id of its order.'),
  definition: z.string(),
  version: count,
  status: statuses.describe(
    'FAILED: every done step is undone. COMPENSATION_FAILED: a step could not be undone; it needs a person.',
  ),
  cause: z.object({ code: z.string(), detail: z.string(), step: z.string().optional() }).optional(),
  startedAt: moment,
  endedAt: moment.optional(),
  steps: z.array(stepView),
  asking: z
    .object({ call: z.string(), attempts: count, lastError: z.string().nullable(), nextAttemptAt: moment })
    .optional()
    .describe('What a participant is being asked now, and why it has not answered so far.'),
});

const wordBody = z.strictObject({ reason: reason.describe('Why; for the audit trail.') });
const retryBody = z.strictObject({ reason: reason.optional().describe('Why; for the audit trail.') });

/** For operators: the orchestrated sagas, and what a person can do about one. */
export function sagaApi(database: PrismaClient): readonly Route<State>[] {
  return [
    get('/sagas', {
      summary: 'For operators: the orchestrated sagas, newest first; their steps as `GET /sagas/:sagaId` has them',
      query: z.object({ ...pages.query, status: statuses.optional() }),
      response: z.object({ items: z.array(sagaView), nextCursor: z.string().nullable() }),
      async handle({ query: { limit, cursor: before, status } }) {
        const found = await sagaPage(database, { before, status, limit: limit + 1 });
        const { items, nextCursor } = pages.pageOf(found, limit, ({ id }) => id);
        return { status: 200, body: { items: items.map((log) => viewOf(log)), nextCursor } };
      },
    }),
    get('/sagas/:sagaId', {
      summary: 'For operators: one saga, step by step: the audit trail of the orchestrator',
      params,
      response: sagaView,
      async handle({ params: { sagaId } }) {
        const log = await findSaga(database, sagaId);
        if (log === undefined) throw sagaNotFound(sagaId);
        return { status: 200, body: viewOf(log, await pendingRemoteStep(database, CALLS, sagaId)) };
      },
    }),
    post<State>()('/sagas/:sagaId/retry', {
      summary: 'Ask again now where there is no answer; try again what could not be undone',
      params,
      body: retryBody,
      response: sagaView,
      command: ({ params: { sagaId } }) => RetrySaga({ sagaId }),
      act: ({ params, body }) => ({ act: 'saga.retry', target: params.sagaId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: viewOf(orchestrated(state)) }),
    }),
    post<State>()('/sagas/:sagaId/compensate', {
      summary: 'Give up a running saga: what was done is undone, and its order ends',
      params,
      body: wordBody,
      response: sagaView,
      command: ({ params: { sagaId }, body }) => CompensateSaga({ sagaId, ...body }),
      act: ({ params, body }) => ({ act: 'saga.compensate', target: params.sagaId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: viewOf(orchestrated(state)) }),
    }),
    post<State>()('/sagas/:sagaId/resolve', {
      summary:
        'Settle by hand what could not be undone. A participant that would go on trying is told; then the saga and its order end',
      params,
      body: wordBody,
      response: sagaView,
      command: ({ params: { sagaId }, body }) => ResolveSaga({ sagaId, ...body }),
      act: ({ params, body }) => ({ act: 'saga.resolve', target: params.sagaId, reason: body.reason }),
      answer: ({ state }) => ({ status: 202, body: viewOf(orchestrated(state)) }),
    }),
  ];
}

function orchestrated(order: State): SagaLog {
  if (order?.saga === undefined) throw new Error('A command that was not rejected left no saga behind.');
  return order.saga;
}

/** Without the context, which may hold what not everybody may see. */
function viewOf(
  { id, context: _, rounds: __, ...log }: SagaLog,
  asking?: PendingRemoteStep,
): z.output<typeof sagaView> {
  const steps = log.steps.map((step) => withIds(id, step));
  return JSON.parse(JSON.stringify({ sagaId: id, ...log, steps, asking })) as z.output<typeof sagaView>;
}

function withIds(sagaId: string, { compensation, ...step }: StepLog) {
  const undone = compensation && { id: compensationId(sagaId, step.name), ...compensation };
  return { id: stepId(sagaId, step.name), ...step, compensation: undone };
}
