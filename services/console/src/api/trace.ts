import { get, id, type Route } from '@troupe/chassis';
import { z } from 'zod';
import type { Tracing } from '../tracing/tracing.ts';
import { described } from './described.ts';

export interface TraceParts {
  readonly tracing: Tracing;
  /** Of the trace in which a saga was begun, as its events say. */
  readonly traceIdOf: (orderId: string) => Promise<string | null>;
}

/** `GET /api/sagas/<orderId>/trace` */
export const traceRoute = ({ tracing, traceIdOf }: TraceParts): Route<never> =>
  get('/api/sagas/:orderId/trace', {
    summary: 'The spans of one saga, as its services have sent them',
    params: z.object({ orderId: id }),
    response: described('TraceView'),
    async handle({ params: { orderId } }) {
      return { status: 200, body: await tracing.traceOf(orderId, await traceIdOf(orderId)) };
    },
  });
